/** A request that a client of the platform sends on an ordinary day. */
export interface Legitimate {
  readonly method: string;
  /** Path and query, as the client's URL library writes them. */
  readonly target: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

const ORDERS = [
  'ORD-2026-000417',
  'b8f0b1b2-6a8e-4c60-9c1e-0a2f7d1f5a11',
  'ord_01HZX9T6ZKQ4M3',
  '684f1c2ab1d3e4f5a6b7c8d9',
];
const WAVES = ['WAVE-2026-11-22-07', '3f2504e0-4f89-41d3-9a0c-0305e82c3301', 'wave_01J0A2B3C4'];
const TASKS = ['TASK-88213', '9b2e4a0c-7f5d-4e0b-8a3b-5d2c1f0e9a77', 'task_01J0ZZ'];

/** Customers, where they live and what they ask for, in their own words. */
const CUSTOMERS = [
  {
    name: "Siobhán O'Brien",
    street: "12 St. Stephen's Green",
    city: 'Baile Átha Cliath',
    note: "Don't ring; it's a surprise!",
  },
  {
    name: 'Jürgen Müller-Lüdenscheidt',
    street: 'Große Straße 17 1/2',
    city: 'Köln',
    note: 'Bitte beim Nachbarn (2. OG) abgeben.',
  },
  { name: 'Nguyễn Thị Minh Khai', street: '45/7 Lê Lợi', city: 'Hồ Chí Minh', note: 'Gọi trước khi giao' },
  {
    name: 'María José Ñíguez',
    street: 'C/ Mayor, 3 - 2º Izq.',
    city: 'A Coruña',
    note: '¿Pueden entregar después de las 18:00?',
  },
  { name: '渡辺 健', street: '東京都千代田区丸の内1-9-1', city: '東京', note: '置き配をお願いします。' },
  { name: 'Łukasz Wójcik', street: 'ul. Świętokrzyska 31/33A', city: 'Łódź', note: 'Kod do bramy: 4711#' },
  { name: 'Дмитрий Иванов', street: 'пр. Мира, д. 12, кв. 7', city: 'Рига', note: 'Позвоните за 30 минут' },
  {
    name: "Jean-Luc D'Artagnan & Fils",
    street: "8, rue de l'Église",
    city: "L'Haÿ-les-Roses",
    note: 'Facture n° 2026/118 (TVA 20 %)',
  },
  { name: 'محمد العلي', street: 'شارع الملك فهد 120', city: 'الرياض', note: 'الطابق الثالث' },
  {
    name: 'Zoë "Zed" van der Berg',
    street: 'Prinsengracht 263-265',
    city: 'Amsterdam',
    note: 'Gift wrap: red/white, no ribbon; max. €5.00',
  },
  {
    name: 'Smith, Jones and Sons Ltd.',
    street: 'Unit 4, Dock Road',
    city: "King's Lynn",
    note: 'Please select the blue one from the top shelf.',
  },
  {
    name: 'Aoife Ní Dhomhnaill',
    street: '1 Apt. #4-B, Main St.',
    city: 'Galway',
    note: 'Leave at the back door -- dog is friendly 🐕',
  },
];

const SKUS = [
  'SKU-10021',
  'BOLT-M8x40/A2',
  'LED_9W-E27',
  'PAINT:RAL-7016',
  'CABLE-USB-C+1m',
  '8-718696-548738',
  'HOSE 3/4"',
];

const DATES = ['2026-11-22T08:15:00Z', '2026-11-23T17:30:00+01:00', '2026-12-24T23:59:59.999Z', '2027-01-02'];

const PICKERS = ['picker-007', 'W-1138', 'a.kowalski'];

/** The path of an id. */
const segment = encodeURIComponent;

/** A query, as browsers and URL libraries write it. */
const query = (parameters: Record<string, string>) => `?${new URLSearchParams(parameters).toString()}`;

function order(index: number): unknown {
  const customer = CUSTOMERS[index % CUSTOMERS.length];
  return {
    customerId: `CUST-${10000 + index * 37}`,
    priority: ['same_day', 'next_day', 'standard'][index % 3],
    promisedDeliveryAt: DATES[index % DATES.length],
    shippingAddress: {
      recipientName: customer.name,
      street: customer.street,
      city: customer.city,
      postalCode: `${10115 + index * 101}`,
      country: ['IE', 'DE', 'VN', 'ES', 'JP', 'PL', 'LV', 'FR', 'SA', 'NL', 'GB', 'IE'][index % 12],
      phone: `+49 (0)30 ${1234567 + index}`,
      email: `customer.${index}+orders@example.com`,
    },
    items: Array.from({ length: 1 + (index % 4) }, (_, i) => ({
      sku: SKUS[(index + i) % SKUS.length],
      quantity: 1 + i,
      weight: 0.25 * (i + 1),
      unitPrice: { amount: '19.99', currency: 'EUR' },
      fragile: i % 2 === 0,
    })),
    note: customer.note,
    metadata: { source: 'web', campaign: null, tags: ['vip', 'gift'] },
  };
}

/** What clients of order-service send. */
function orders(): Legitimate[] {
  const base = '/api/v1/orders';
  return [
    ...CUSTOMERS.map((_, i): Legitimate => ({ method: 'POST', target: base, body: order(i) })),
    ...CUSTOMERS.map(({ name }): Legitimate => ({
      method: 'GET',
      target: base + query({ q: name, page: '1', pageSize: '20' }),
    })),
    ...CUSTOMERS.map(({ note }): Legitimate => ({
      method: 'PUT',
      target: `${base}/${segment(ORDERS[1])}/cancel`,
      body: { reason: 'customer_request', note },
    })),
    ...ORDERS.map((id): Legitimate => ({ method: 'GET', target: `${base}/${segment(id)}` })),
    ...ORDERS.flatMap((id, i): Legitimate[] => [
      { method: 'PUT', target: `${base}/${segment(id)}/validate` },
      { method: 'PUT', target: `${base}/${segment(id)}/cancel`, body: { reason: CUSTOMERS[i].note } },
      { method: 'PUT', target: `${base}/${segment(id)}/assign-wave`, body: { waveId: WAVES[i % WAVES.length] } },
      { method: 'PUT', target: `${base}/${segment(id)}/start-picking`, body: {} },
      { method: 'PUT', target: `${base}/${segment(id)}/mark-packed`, body: { at: DATES[i] } },
    ]),
    ...['received', 'validated', 'wave_assigned', 'picking', 'shipped', 'cancelled'].map((status): Legitimate => ({
      method: 'GET',
      target: `${base}/status/${status}${query({ limit: '100', offset: '200', sort: '-promisedDeliveryAt,priority' })}`,
    })),
    ...DATES.map((from): Legitimate => ({
      method: 'GET',
      target:
        base + query({ from, to: '2027-12-31T00:00:00+01:00', status: 'received,validated', fields: 'id,status' }),
    })),
    { method: 'GET', target: `${base}/customer/CUST-10037${query({ cursor: 'eyJpZCI6IjY4NGYxYzJhIiwicCI6Mn0=' })}` },
    { method: 'GET', target: base + query({ email: 'a.kowalski+1@example.com', expand: 'items,address' }) },
    { method: 'GET', target: `${base}?page=2&pageSize=50` },
    {
      method: 'GET',
      target: base,
      headers: { 'If-None-Match': 'W/"5d8c72a5edda8"', 'Accept-Language': 'de-DE,de;q=0.9' },
    },
    { method: 'GET', target: base, headers: { Referer: 'https://shop.example.com/cart?step=2#summary' } },
  ];
}

/** What the people of order-service send after something has gone wrong. */
function reprocessing(): Legitimate[] {
  const base = '/api/v1/reprocessing';
  const dlq = '/api/v1/dead-letter-queue';
  return [
    {
      method: 'GET',
      target: `${base}/eligible${query({ limit: '25', failureStatus: 'wave_timeout,pick_timeout', maxRetries: '5' })}`,
    },
    ...ORDERS.flatMap((id, i): Legitimate[] => [
      { method: 'GET', target: `${base}/orders/${segment(id)}/retry-count` },
      {
        method: 'POST',
        target: `${base}/orders/${segment(id)}/retry-count`,
        body: { failureStatus: 'pack_timeout', failureReason: FAILURES[i], runId: ORDERS[1] },
      },
      { method: 'POST', target: `${base}/orders/${segment(id)}/reset` },
      {
        method: 'POST',
        target: `${base}/orders/${segment(id)}/dlq`,
        body: { reason: FAILURES[(i + 2) % FAILURES.length], at: DATES[i] },
      },
      { method: 'GET', target: `${dlq}/${segment(id)}` },
      {
        method: 'PATCH',
        target: `${dlq}/${segment(id)}/resolve`,
        body: { resolution: 'manual_retry', notes: CUSTOMERS[i + 4].note, resolvedBy: PICKERS[2] },
      },
    ]),
    { method: 'GET', target: dlq },
    { method: 'GET', target: dlq + query({ resolved: 'false', olderThanHours: '24.5', limit: '50', offset: '0' }) },
    { method: 'GET', target: `${dlq}/stats` },
  ];
}

/** What a warehouse's systems write of their failures. */
const FAILURES = [
  'Timed out after 30s waiting for the picker (attempt 3 of 5)',
  "Carrier said: 'address not found' - check the postal code",
  'Stock count differs: expected 12, found 11 at location A-07-03/B',
  'Lagerplatz gesperrt: Prüfung läuft (Ticket #4711)',
  'Box too small: change the packing rule, then try again',
];

/** What clients of waving-service send. */
function waves(): Legitimate[] {
  const base = '/api/v1/waves';
  return [
    ...CUSTOMERS.slice(0, 6).map(({ city }, i): Legitimate => ({
      method: 'POST',
      target: base,
      body: {
        name: `${city} - ${DATES[i % 4]}`,
        waveType: ['digital', 'wholesale', 'priority', 'mixed'][i % 4],
        fulfillmentMode: 'wave',
        zone: `ZONE-${'ABC'[i % 3]}`,
        scheduledStart: DATES[i % 4],
        configuration: { maxOrders: 50 + i, maxItems: 500, carrierFilter: ['UPS', 'DHL Express'], optimize: true },
      },
    })),
    { method: 'POST', target: `${base}/from-orders`, body: { orderIds: ORDERS, waveType: 'mixed' } },
    { method: 'GET', target: base },
    ...WAVES.flatMap((id, i): Legitimate[] => [
      { method: 'GET', target: `${base}/${segment(id)}` },
      { method: 'PUT', target: `${base}/${segment(id)}`, body: { priority: i + 1, comment: CUSTOMERS[i + 8].note } },
      { method: 'DELETE', target: `${base}/${segment(id)}` },
      {
        method: 'POST',
        target: `${base}/${segment(id)}/orders`,
        body: { orderId: ORDERS[i], customerId: 'CUST-1', itemCount: 3, totalWeight: 12.75 },
      },
      { method: 'DELETE', target: `${base}/${segment(id)}/orders/${segment(ORDERS[i])}` },
      {
        method: 'POST',
        target: `${base}/${segment(id)}/schedule`,
        body: { scheduledStart: DATES[i], scheduledEnd: DATES[i + 1] },
      },
      { method: 'POST', target: `${base}/${segment(id)}/release` },
      { method: 'POST', target: `${base}/${segment(id)}/cancel`, body: { reason: FAILURES[i] } },
    ]),
    ...['planning', 'scheduled', 'released', 'in_progress', 'completed'].map((status): Legitimate => ({
      method: 'GET',
      target: `${base}/status/${status}`,
    })),
    ...['ZONE-A', 'Kühlhaus 2', 'Mezzanine/West', "Men's shoes"].map((zone): Legitimate => ({
      method: 'GET',
      target: `${base}/zone/${segment(zone).replace('%2F', '-')}`,
    })),
    ...ORDERS.map((id): Legitimate => ({ method: 'GET', target: `${base}/order/${segment(id)}` })),
  ];
}

/** What planners send to waving-service. */
function planning(): Legitimate[] {
  return [
    ...[1, 2, 3].map((size): Legitimate => ({
      method: 'POST',
      target: '/api/v1/planning/auto',
      body: {
        maxOrders: size * 25,
        cutoff: DATES[size],
        zones: ['ZONE-A', 'ZONE-B'],
        strategy: 'by_carrier_cutoff',
        dryRun: size > 1,
      },
    })),
    ...WAVES.map((id): Legitimate => ({
      method: 'POST',
      target: `/api/v1/planning/optimize/${segment(id)}`,
      body: { objective: 'distance', weights: { distance: 0.7, priority: 0.3 } },
    })),
    { method: 'GET', target: '/api/v1/planning/ready-for-release' },
    { method: 'GET', target: `/api/v1/planning/ready-for-release${query({ before: DATES[1], zone: 'Kühlhaus 2' })}` },
    { method: 'GET', target: '/api/v1/scheduler/status' },
    {
      method: 'POST',
      target: '/api/v1/scheduler/start',
      body: { interval: '60s', batchSize: 50, minOrders: 5, maxWait: '15m' },
    },
    { method: 'POST', target: '/api/v1/scheduler/start' },
    { method: 'POST', target: '/api/v1/scheduler/stop', body: { reason: "It's the end of the shift" } },
  ];
}

/** What the pickers' hand-held devices send to picking-service. */
function tasks(): Legitimate[] {
  const base = '/api/v1/tasks';
  const handheld = { 'User-Agent': 'wms-handheld/3.2.1 (Android 14; Zebra TC52)', 'Accept-Encoding': 'gzip' };
  return [
    { method: 'GET', target: base, headers: handheld },
    { method: 'GET', target: `${base}/pending${query({ zone: 'ZONE-B', limit: '10' })}`, headers: handheld },
    ...ORDERS.map((id, i): Legitimate => ({
      method: 'POST',
      target: base,
      body: {
        orderId: id,
        waveId: WAVES[i % 3],
        method: ['single', 'batch', 'zone', 'wave'][i],
        items: SKUS.slice(i, i + 3).map((sku, n) => ({
          sku,
          productName: PRODUCTS[(i + n) % PRODUCTS.length],
          quantity: n + 1,
          location: { locationId: `A-0${n}-1${i}`, aisle: 'A', rack: n, level: 2, bin: `${n}/${i}` },
        })),
      },
    })),
    ...ORDERS.map((id): Legitimate => ({ method: 'GET', target: `${base}/order/${segment(id)}`, headers: handheld })),
    ...WAVES.map((id): Legitimate => ({ method: 'GET', target: `${base}/wave/${segment(id)}` })),
    ...PICKERS.flatMap((id): Legitimate[] => [
      { method: 'GET', target: `${base}/picker/${segment(id)}` },
      { method: 'GET', target: `${base}/picker/${segment(id)}/active`, headers: handheld },
    ]),
    ...TASKS.flatMap((id, i): Legitimate[] => [
      { method: 'GET', target: `${base}/${segment(id)}` },
      {
        method: 'POST',
        target: `${base}/${segment(id)}/assign`,
        body: { pickerId: PICKERS[i], toteId: `TOTE-${i}00${i}` },
      },
      { method: 'POST', target: `${base}/${segment(id)}/start`, headers: handheld },
      ...PRODUCTS.map((productName, n): Legitimate => ({
        method: 'POST',
        target: `${base}/${segment(id)}/pick`,
        body: {
          sku: SKUS[n],
          productName,
          locationId: `B-${n}-2`,
          pickedQty: n + 1,
          lot: `L2026/${n}`,
          scannedAt: DATES[n % 4],
        },
        headers: handheld,
      })),
      {
        method: 'POST',
        target: `${base}/${segment(id)}/exception`,
        body: { sku: SKUS[i], reason: 'item_damaged', description: FAILURES[i + 1], availableQty: 0 },
      },
      { method: 'POST', target: `${base}/${segment(id)}/complete` },
    ]),
  ];
}

/** What is picked, as catalogues call it. */
const PRODUCTS = [
  "Men's Running Shoes (Size 42 1/2)",
  'Schraube M8×40, A2 – DIN 933',
  'Café Crème & Co. "Intenso" 250 g',
  'USB-C Cable <1 m, black',
  '3/4" Garden Hose; 25ft',
  "L'Oréal Shampoo 50% more",
  'T-Shirt – Drop Shoulder, Select Cotton',
];

/** Requests over every public API, with what their clients write. */
export function legitimateRequests(): Legitimate[] {
  return [...orders(), ...reprocessing(), ...waves(), ...planning(), ...tasks()];
}
