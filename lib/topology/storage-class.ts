/** The name of the topology's SSD storage class, on every provider. */
export const SSD_STORAGE_CLASS = 'wms-ssd';
