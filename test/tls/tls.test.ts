import { Duration } from 'cdk8s';
import { CertManagerProps, Tls } from '../../lib';
import { goDuration } from '../../lib/tls/tls';

describe('TLS', () => {
  it('may be none', () => {
    expect(Tls.none()._certManager).toBeUndefined();
  });

  it('is by cert-manager, with certificates of 90 days that are renewed 30 days before', () => {
    expect(Tls.certManager()._certManager).toEqual({
      namespace: 'cert-manager',
      duration: Duration.days(90),
      renewBefore: Duration.days(30),
    });
  });

  it('takes every property', () => {
    const all: Required<CertManagerProps> = {
      namespace: 'pki',
      duration: Duration.hours(2),
      renewBefore: Duration.minutes(5),
      acme: { email: 'platform@example.com', server: 'https://acme.example.com/directory' },
    };
    expect(Tls.certManager(all)._certManager).toEqual(all);
  });

  it('asks Let’s Encrypt for public certificates unless it is told whom', () => {
    expect(Tls.certManager({ acme: { email: 'platform@example.com' } })._certManager?.acme).toEqual({
      email: 'platform@example.com',
      server: 'https://acme-v02.api.letsencrypt.org/directory',
    });
  });

  it.each<[string, CertManagerProps, string]>([
    ['a namespace that is none', { namespace: 'PKI' }, "[tls] 'PKI' is no Namespace name; allowed: "],
    ['too short a time', { duration: Duration.minutes(59) }, '[tls] duration is 59 minutes; allowed: at least an hour'],
    ['too late a renewal', { renewBefore: Duration.minutes(4) }, '[tls] renewBefore is 4 minutes; allowed: at least '],
    [
      'an address of nobody',
      { acme: { email: 'platform' } },
      "[tls acme] 'platform' is no e-mail address; allowed: as platform@example.com",
    ],
    ['a domain that is none', { acme: { email: 'platform@EXAMPLE' } }, "[tls acme] 'EXAMPLE' is no host name"],
    [
      'an authority without encryption',
      { acme: { email: 'platform@example.com', server: 'http://acme.example.com' } },
      "[tls acme] 'http://acme.example.com' is no directory; allowed: an https URL",
    ],
    [
      'a renewal before the beginning',
      { duration: Duration.days(30) },
      '[tls] renewBefore is 30 days; allowed: at least five minutes, and less than duration (30 days)',
    ],
  ])('refuses %s', (_what, props, message) => {
    expect(() => Tls.certManager(props)).toThrow(message);
  });
});

it.each([
  [Duration.days(90), '2160h0m0s'],
  [Duration.minutes(90), '1h30m0s'],
  [Duration.seconds(3661), '1h1m1s'],
])('A duration of %s is written as the API server prints it.', (duration, text) => {
  expect(goDuration(duration)).toBe(text);
});
