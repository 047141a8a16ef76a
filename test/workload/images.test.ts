import { ImageName, ImagePolicy, ImagePolicyProps, IMAGES } from '../../lib/workload/images';

const DIGEST = `sha256:${'0123456789abcdef'.repeat(4)}`;
const BOXES = Object.keys(IMAGES) as ImageName[];

describe('the table of images', () => {
  it.each(BOXES)('pins %s to a fixed tag in a named registry', (box) => {
    expect(new ImagePolicy().check(IMAGES[box], 'here')).toBe(IMAGES[box]);
    expect(IMAGES[box].split('/')[0]).toContain('.');
  });
});

describe('ImagePolicy', () => {
  it("gives the table's images unless told otherwise", () => {
    expect(BOXES.map((box) => new ImagePolicy().of(box))).toEqual(BOXES.map((box) => IMAGES[box]));
  });

  it.each([
    ['registry.example.com', 'mongodb', 'registry.example.com/library/mongo:8.0.29'],
    ['registry.example.com/mirror', 'loki', 'registry.example.com/mirror/grafana/loki:3.7.6'],
    ['9r9:5000/a9/b', 'oidc-proxy', '9r9:5000/a9/b/oauth2-proxy/oauth2-proxy:v7.15.3'],
  ] as const)('lets the mirror %s stand for the registry of %s', (mirror, box, image) => {
    expect(new ImagePolicy({ mirror }).of(box)).toBe(image);
  });

  it('renders every property', () => {
    const every: Required<ImagePolicyProps> = {
      mirror: 'mirror.example.com',
      overrides: { kafka: 'own.example.com/kafka:latest' },
      digests: { grafana: DIGEST },
      allowLatest: true,
    };
    const policy = new ImagePolicy(every);
    expect(policy.of('kafka')).toBe('own.example.com/kafka:latest');
    expect(policy.of('grafana')).toBe(`mirror.example.com/grafana/grafana:12.4.3@${DIGEST}`);
    expect(policy.of('loki')).toBe('mirror.example.com/grafana/loki:3.7.6');
  });

  it.each([
    'team/service:1.4.2',
    'service:1',
    '9r9.example9.com:5000/t9/s9:9',
    `service:${'x'.repeat(128)}`,
    'registry.example.com:443/a/b/c:1.4.2-rc_1',
    `registry.example.com/service@${DIGEST}`,
    `registry.example.com/service:latest@${DIGEST}`,
  ])('accepts %s', (image) => {
    expect(new ImagePolicy().check(image, 'here')).toBe(image);
  });

  it.each([
    ['service:latest', `the tag 'latest'`],
    ['registry.example.com/service', 'no tag'],
    ['registry.example.com:5000/service', 'no tag'],
  ])('refuses %s, which moves, unless that is allowed', (image, has) => {
    expect(() => new ImagePolicy().check(image, 'here')).toThrow(
      `[here] image '${image}' has ${has}; allowed: a fixed tag or a digest`,
    );
    expect(new ImagePolicy({ allowLatest: true }).check(image, 'here')).toBe(image);
  });

  it.each([
    '',
    'Service:1',
    'a b:1',
    'service:',
    'https://registry/service:1',
    'service:1@sha256:abc',
    'service:.1',
    `service:${'x'.repeat(129)}`,
  ])('refuses %j, which is malformed, even where tags may move', (image) => {
    expect(() => new ImagePolicy({ allowLatest: true }).check(image, 'here')).toThrow(
      `[here] '${image}' is no image; allowed: a reference, as registry.example.com/team/service:1.4.2`,
    );
  });

  it('refuses an image that is undefined, as untyped callers pass it', () => {
    const image = undefined as unknown as string;
    expect(() => new ImagePolicy().check(image, 'here')).toThrow(`[here] '' is no image; allowed: a reference`);
  });

  it('checks an override where it is used', () => {
    const policy = new ImagePolicy({ overrides: { kafka: 'kafka:latest' } });
    expect(() => policy.of('kafka')).toThrow(
      `[images.overrides.kafka] image 'kafka:latest' has the tag 'latest'; allowed: a fixed tag or a digest`,
    );
  });

  it('refuses a digest for a box that has an override, which would win', () => {
    const overrides = { kafka: 'own.example.com/kafka:4' };
    expect(() => new ImagePolicy({ overrides, digests: { grafana: DIGEST, kafka: DIGEST } })).toThrow(
      `[images.digests.kafka] kafka has an override too; allowed: the digest in the override's image`,
    );
  });

  it.each(['overrides', 'digests'] as const)('refuses %s for a box that is not in the table', (what) => {
    expect(() => new ImagePolicy({ [what]: { kafak: DIGEST } })).toThrow(
      `[images.${what}] there is no image of 'kafak'; allowed: ${[...BOXES].sort().join(', ')}`,
    );
  });

  it.each(['', 'sha256:abc', 'latest', DIGEST.toUpperCase(), `${DIGEST}0`])('refuses the digest %j', (digest) => {
    expect(() => new ImagePolicy({ digests: { kafka: digest } })).toThrow(
      `[images.digests.kafka] '${digest}' is no digest; allowed: sha256: and 64 hexadecimal digits`,
    );
  });

  it.each(['', 'https://registry.example.com', 'registry.example.com/', 'Registry', '/mirror'])(
    'refuses the mirror %j',
    (mirror) => {
      expect(() => new ImagePolicy({ mirror })).toThrow(
        `[images.mirror] '${mirror}' is no registry; allowed: a host and a path, as registry.example.com/mirror`,
      );
    },
  );
});
