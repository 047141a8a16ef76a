/** The addresses of a node's own network. All of them are in its namespace: other runs use the same ones. */

/** The node itself, where the API server answers too. */
export const NODE_ADDRESS = '192.168.77.10';

/** Where its pods are. */
export const POD_NETWORK = '10.244.0.0/16';

/** Where its Services are. */
export const SERVICE_NETWORK = '10.96.0.0/16';

/** The API server's Service. */
export const API_SERVICE_ADDRESS = '10.96.0.1';

/** The DNS' Service. */
export const DNS_ADDRESS = '10.96.0.10';

/** A host of the internet, in a namespace of its own; the address is reserved for documentation. */
export const INTERNET_ADDRESS = '198.51.100.10';

/** Where clients find the API server. */
export const API_SERVER = `https://${NODE_ADDRESS}:6443`;

/** The node's name. */
export const NODE_NAME = 'node';
