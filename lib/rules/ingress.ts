import { RuleGroup } from './rule';

/**
 * When certificates end, by their names, as authorities leave the common name out. A pod goes on telling of one that has been
 * renewed (traefik/traefik#8606).
 */
export const CERTIFICATE_ENDS = 'min by (sans) (max by (pod, sans) (traefik_tls_certs_not_after))';

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
        expr: `${CERTIFICATE_ENDS} - time() < 14 * 24 * 3600`,
        for: '1h',
        summary: 'the certificate of {{ $labels.sans }} ends within 14 days',
        description: 'cert-manager should have renewed it by now. Clients refuse a certificate that has ended.',
      },
      {
        alert: 'CertificateExpired',
        severity: 'critical',
        expr: `${CERTIFICATE_ENDS} - time() < 48 * 3600`,
        for: '5m',
        summary: 'the certificate of {{ $labels.sans }} ends within two days',
        description: 'Clients refuse a certificate that has ended.',
      },
    ],
  };
}
