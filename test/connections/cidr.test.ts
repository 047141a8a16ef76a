import { checkCidr, checkCidrs, checkHost, INTERNET, ipBlocks } from '../../lib/connections/cidr';

describe('A CIDR', () => {
  it.each(['0.0.0.0/0', '10.0.0.0/8', '192.0.2.1/32', '::/0', '2001:db8::/32', '2001:db8::1/128'])(
    'may be %s.',
    (cidr) => {
      expect(checkCidr('here', cidr)).toBe(cidr);
    },
  );

  it.each([
    '',
    '/8',
    '10.0.0.0',
    '10.0.0.0/',
    '10.0.0.0/33',
    '10.0.0.0/-1',
    '10.0.0.0/8.5',
    '10.0.0.0/8/8',
    '10.0.0/8',
    '256.0.0.0/8',
    '2001:db8::',
    '2001:db8::/129',
    '2001:db8:::/32',
    'example.com/8',
    'fe80::1%eth0/64',
    '10.0.0.0/08',
    '10.0.0.0/00',
    '::/0064',
  ])('cannot be %j.', (cidr) => {
    expect(() => checkCidr('here', cidr)).toThrow(
      `[here] '${cidr}' is no CIDR; allowed: an address and a prefix length, as 10.0.0.0/16`,
    );
  });
});

describe('The internet', () => {
  it.each(['10.0.0.0/0', '0:0:0:0:0:0:0:0/0', '0::/0'])(
    'cannot be spelled %s, and so open private networks.',
    (cidr) => {
      expect(() => checkCidr('here', cidr)).toThrow(
        `[here] '${cidr}' is everything; allowed: 0.0.0.0/0 or ::/0 for the internet`,
      );
    },
  );
});

describe('The networks of a peer', () => {
  it('are all checked.', () => {
    expect(checkCidrs('here', ['10.0.0.0/8', '::/0'])).toEqual(['10.0.0.0/8', '::/0']);
    expect(() => checkCidrs('here', ['10.0.0.0/8', 'x'])).toThrow("[here] 'x' is no CIDR");
  });

  it('are at least one, because a rule without one allows all.', () => {
    expect(() => checkCidrs('here', [])).toThrow('[here] cidrs is empty; allowed: at least one network');
  });

  it('render sorted, each once.', () => {
    expect(ipBlocks(['10.1.0.0/16', '10.0.0.0/16', '10.1.0.0/16'])).toEqual([
      { ipBlock: { cidr: '10.0.0.0/16' } },
      { ipBlock: { cidr: '10.1.0.0/16' } },
    ]);
  });

  it('render the internet without what is not the internet.', () => {
    expect(ipBlocks(['::/0', INTERNET])).toEqual([
      {
        ipBlock: {
          cidr: '0.0.0.0/0',
          except: ['10.0.0.0/8', '100.64.0.0/10', '169.254.0.0/16', '172.16.0.0/12', '192.168.0.0/16'],
        },
      },
      { ipBlock: { cidr: '::/0', except: ['fc00::/7', 'fe80::/10'] } },
    ]);
  });
});

describe('A host name', () => {
  const longest = `${'a'.repeat(63)}.${'b'.repeat(63)}.${'c'.repeat(63)}.${'d'.repeat(61)}`;

  it.each(['api.example.com', 'a.b', '1.example.com', 'a-b.example.com', longest])('may be %s.', (host) => {
    expect(checkHost('here', host)).toBe(host);
  });

  it.each([
    '',
    'localhost',
    'API.example.com',
    'https://example.com',
    'example.com:443',
    'example.com/path',
    '.example.com',
    'example.com.',
    '-a.example.com',
    'a-.example.com',
    'a_b.example.com',
    '*.example.com',
    '192.0.2.1',
    '2001:db8::1',
    `${'a'.repeat(64)}.com`,
    `${longest}d`,
  ])('cannot be %j.', (host) => {
    expect(() => checkHost('here', host)).toThrow(
      `[here] '${host}' is no host name; allowed: lower-case DNS names, as api.example.com`,
    );
  });
});
