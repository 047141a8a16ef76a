import { SSD_STORAGE_CLASS } from '../../lib/topology/storage-class';

it('The SSD storage class has one name on every provider', () => {
  expect(SSD_STORAGE_CLASS).toBe('wms-ssd');
});
