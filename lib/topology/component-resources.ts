import { Resources } from '../workload/resources';

/** What each container of an infrastructure component asks for and may use. */
export interface ComponentResources {
  /** With the topology's replicas. */
  readonly full: Resources;
  /** Where everything runs on one machine. */
  readonly single: Resources;
}

/**
 * The topology has no CPU and memory figures for its infrastructure components. These keep a server's caches and heap
 * in proportion to its volume, and development within 4 CPU and 8 GiB of requests.
 */
export const COMPONENT_RESOURCES = {
  mongodb: {
    full: { cpuRequest: '1', memoryRequest: '4Gi', cpuLimit: '2', memoryLimit: '4Gi' },
    single: { cpuRequest: '100m', memoryRequest: '512Mi', cpuLimit: '1', memoryLimit: '1Gi' },
  },
  kafka: {
    full: { cpuRequest: '1', memoryRequest: '4Gi', cpuLimit: '2', memoryLimit: '4Gi' },
    single: { cpuRequest: '150m', memoryRequest: '768Mi', cpuLimit: '1', memoryLimit: '768Mi' },
  },
  'kafka-controller': {
    full: { cpuRequest: '250m', memoryRequest: '1Gi', cpuLimit: '1', memoryLimit: '1Gi' },
    single: { cpuRequest: '50m', memoryRequest: '384Mi', cpuLimit: '500m', memoryLimit: '384Mi' },
  },
  'kafka-topics': {
    full: { cpuRequest: '100m', memoryRequest: '256Mi', cpuLimit: '1', memoryLimit: '256Mi' },
    single: { cpuRequest: '50m', memoryRequest: '192Mi', cpuLimit: '1', memoryLimit: '256Mi' },
  },
  'kafka-exporter': {
    full: { cpuRequest: '50m', memoryRequest: '64Mi', cpuLimit: '200m', memoryLimit: '128Mi' },
    single: { cpuRequest: '10m', memoryRequest: '32Mi', cpuLimit: '100m', memoryLimit: '64Mi' },
  },
  zookeeper: {
    full: { cpuRequest: '250m', memoryRequest: '1Gi', cpuLimit: '1', memoryLimit: '1Gi' },
    single: { cpuRequest: '50m', memoryRequest: '256Mi', cpuLimit: '500m', memoryLimit: '256Mi' },
  },
  postgresql: {
    full: { cpuRequest: '500m', memoryRequest: '2Gi', cpuLimit: '2', memoryLimit: '2Gi' },
    single: { cpuRequest: '50m', memoryRequest: '192Mi', cpuLimit: '1', memoryLimit: '512Mi' },
  },
  'temporal-frontend': {
    full: { cpuRequest: '200m', memoryRequest: '512Mi', cpuLimit: '1', memoryLimit: '512Mi' },
    single: { cpuRequest: '30m', memoryRequest: '128Mi', cpuLimit: '500m', memoryLimit: '256Mi' },
  },
  'temporal-history': {
    full: { cpuRequest: '500m', memoryRequest: '1Gi', cpuLimit: '2', memoryLimit: '1Gi' },
    single: { cpuRequest: '50m', memoryRequest: '128Mi', cpuLimit: '500m', memoryLimit: '256Mi' },
  },
  'temporal-matching': {
    full: { cpuRequest: '200m', memoryRequest: '512Mi', cpuLimit: '1', memoryLimit: '512Mi' },
    single: { cpuRequest: '30m', memoryRequest: '128Mi', cpuLimit: '500m', memoryLimit: '256Mi' },
  },
  'temporal-worker': {
    full: { cpuRequest: '100m', memoryRequest: '512Mi', cpuLimit: '1', memoryLimit: '512Mi' },
    single: { cpuRequest: '30m', memoryRequest: '128Mi', cpuLimit: '500m', memoryLimit: '256Mi' },
  },
  'temporal-ui': {
    full: { cpuRequest: '50m', memoryRequest: '64Mi', cpuLimit: '500m', memoryLimit: '128Mi' },
    single: { cpuRequest: '10m', memoryRequest: '32Mi', cpuLimit: '200m', memoryLimit: '128Mi' },
  },
  'ingress-controller': {
    full: { cpuRequest: '200m', memoryRequest: '256Mi', cpuLimit: '1', memoryLimit: '512Mi' },
    single: { cpuRequest: '25m', memoryRequest: '64Mi', cpuLimit: '500m', memoryLimit: '256Mi' },
  },
  waf: {
    full: { cpuRequest: '250m', memoryRequest: '256Mi', cpuLimit: '2', memoryLimit: '1Gi' },
    single: { cpuRequest: '25m', memoryRequest: '128Mi', cpuLimit: '500m', memoryLimit: '512Mi' },
  },
  'oidc-proxy': {
    full: { cpuRequest: '50m', memoryRequest: '64Mi', cpuLimit: '500m', memoryLimit: '128Mi' },
    single: { cpuRequest: '10m', memoryRequest: '32Mi', cpuLimit: '200m', memoryLimit: '64Mi' },
  },
  'waf-exporter': {
    full: { cpuRequest: '10m', memoryRequest: '32Mi', cpuLimit: '100m', memoryLimit: '64Mi' },
    single: { cpuRequest: '5m', memoryRequest: '16Mi', cpuLimit: '100m', memoryLimit: '64Mi' },
  },
  prometheus: {
    full: { cpuRequest: '500m', memoryRequest: '4Gi', cpuLimit: '2', memoryLimit: '4Gi' },
    single: { cpuRequest: '50m', memoryRequest: '256Mi', cpuLimit: '1', memoryLimit: '768Mi' },
  },
  alertmanager: {
    full: { cpuRequest: '20m', memoryRequest: '64Mi', cpuLimit: '200m', memoryLimit: '128Mi' },
    single: { cpuRequest: '10m', memoryRequest: '32Mi', cpuLimit: '100m', memoryLimit: '128Mi' },
  },
  'kube-state-metrics': {
    full: { cpuRequest: '20m', memoryRequest: '64Mi', cpuLimit: '200m', memoryLimit: '256Mi' },
    single: { cpuRequest: '10m', memoryRequest: '32Mi', cpuLimit: '100m', memoryLimit: '128Mi' },
  },
  'otel-collector': {
    full: { cpuRequest: '200m', memoryRequest: '256Mi', cpuLimit: '1', memoryLimit: '512Mi' },
    single: { cpuRequest: '20m', memoryRequest: '64Mi', cpuLimit: '500m', memoryLimit: '192Mi' },
  },
  'node-log-agent': {
    full: { cpuRequest: '50m', memoryRequest: '96Mi', cpuLimit: '500m', memoryLimit: '256Mi' },
    single: { cpuRequest: '15m', memoryRequest: '48Mi', cpuLimit: '200m', memoryLimit: '128Mi' },
  },
  tempo: {
    full: { cpuRequest: '500m', memoryRequest: '1Gi', cpuLimit: '2', memoryLimit: '2Gi' },
    single: { cpuRequest: '30m', memoryRequest: '160Mi', cpuLimit: '500m', memoryLimit: '512Mi' },
  },
  loki: {
    full: { cpuRequest: '500m', memoryRequest: '1Gi', cpuLimit: '2', memoryLimit: '2Gi' },
    single: { cpuRequest: '30m', memoryRequest: '160Mi', cpuLimit: '500m', memoryLimit: '512Mi' },
  },
  grafana: {
    full: { cpuRequest: '100m', memoryRequest: '256Mi', cpuLimit: '1', memoryLimit: '512Mi' },
    single: { cpuRequest: '25m', memoryRequest: '128Mi', cpuLimit: '500m', memoryLimit: '384Mi' },
  },
} as const satisfies Record<string, ComponentResources>;
