import { RuleGroup } from './rule';

/** The ingress controller and the web application firewall, as the ingress controller sees it. */
export function ingressRules(): RuleGroup {
  const requests = (labels = '') => `sum(rate(traefik_entrypoint_requests_total{entrypoint="websecure"${labels}}[5m]))`;
  return {
    name: 'ingress',
    alerts: [
      {
        alert: 'IngressServerErrors',
        severity: 'critical',
        expr: `${requests(',code=~"5.."')} / ${requests()} > 0.05 and ${requests()} > 0.1`,
        for: '5m',
        summary: 'more than a twentieth of all requests from outside end with a server error',
        description: 'The web application firewall or the services behind it fail, or are away.',
      },
      {
        alert: 'WafBlockedSurge',
        severity: 'warning',
        expr: `${requests(',code="403"')} / ${requests()} > 0.2 and ${requests(',code="403"')} > 1`,
        for: '10m',
        summary: 'more than a fifth of all requests from outside are refused',
        description: 'An attack, or a rule of the web application firewall that refuses what customers do.',
      },
      {
        alert: 'WafDown',
        severity: 'critical',
        expr: 'sum(nginx_up) == 0',
        for: '2m',
        summary: 'no pod of the web application firewall answers',
        description: 'No request from outside reaches a service.',
      },
      {
        alert: 'CertificateExpiring',
        severity: 'warning',
        expr: 'min by (cn) (traefik_tls_certs_not_after) - time() < 14 * 24 * 3600',
        for: '1h',
        summary: 'the certificate of {{ $labels.cn }} ends within 14 days',
        description: 'cert-manager should have renewed it by now. Clients refuse a certificate that has ended.',
      },
      {
        alert: 'CertificateExpired',
        severity: 'critical',
        expr: 'min by (cn) (traefik_tls_certs_not_after) - time() < 48 * 3600',
        for: '5m',
        summary: 'the certificate of {{ $labels.cn }} ends within two days',
        description: 'Clients refuse a certificate that has ended.',
      },
    ],
  };
}
