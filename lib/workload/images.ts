import { invalid, oneOf } from '../errors';

/**
 * The image of every box of the topology, pinned. The one place where a version stands.
 *
 * The ten services are not in it: their registry and tag are the environment's.
 */
export const IMAGES = {
  mongodb: 'docker.io/library/mongo:8.0.29',
  'mongodb-exporter': 'docker.io/percona/mongodb_exporter:0.53.0',
  zookeeper: 'docker.io/library/zookeeper:3.8.6',
  kafka: 'docker.io/apache/kafka:3.9.2',
  'kafka-exporter': 'docker.io/danielqsj/kafka-exporter:v1.9.0',
  postgresql: 'docker.io/library/postgres:17.11',
  'postgresql-exporter': 'quay.io/prometheuscommunity/postgres-exporter:v0.19.1',
  'temporal-server': 'docker.io/temporalio/server:1.31.2',
  'temporal-admin-tools': 'docker.io/temporalio/admin-tools:1.31.2',
  'temporal-ui': 'docker.io/temporalio/ui:2.52.0',
  'ingress-controller': 'docker.io/library/traefik:v3.7.11',
  waf: 'docker.io/owasp/modsecurity-crs:4.25.0-nginx-alpine-lts',
  'waf-exporter': 'docker.io/nginx/nginx-prometheus-exporter:1.4.2',
  'oidc-proxy': 'quay.io/oauth2-proxy/oauth2-proxy:v7.15.3',
  prometheus: 'docker.io/prom/prometheus:v3.14.0',
  alertmanager: 'docker.io/prom/alertmanager:v0.34.0',
  'kube-state-metrics': 'registry.k8s.io/kube-state-metrics/kube-state-metrics:v2.20.0',
  grafana: 'docker.io/grafana/grafana:12.4.3',
  tempo: 'docker.io/grafana/tempo:2.10.8',
  loki: 'docker.io/grafana/loki:3.7.6',
  'otel-collector': 'docker.io/otel/opentelemetry-collector-contrib:0.159.0',
} as const;

/** A box that has an image of its own in the table. */
export type ImageName = keyof typeof IMAGES;

const REFERENCE =
  /^(?<registry>[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:\d+)?\/)?(?<repository>[a-z0-9]+([._/-]+[a-z0-9]+)*)(:(?<tag>[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}))?(@(?<digest>sha256:[0-9a-f]{64}))?$/;

/** Where images come from, beyond the table. */
export interface ImagePolicyProps {
  /**
   * A registry that mirrors all images of the table, for clusters without internet, as `registry.example.com/mirror`.
   * The mirror keeps the repository's path and drops the registry it came from: `docker.io/grafana/loki:3.7.6` becomes
   * `registry.example.com/mirror/grafana/loki:3.7.6`.
   *
   * @default - every image from its own registry
   */
  readonly mirror?: string;

  /**
   * Images used instead of the table's, by box, as `{ kafka: 'registry.example.com/kafka:3.9.2' }`.
   *
   * @default - the table's
   */
  readonly overrides?: { readonly [box: string]: string };

  /**
   * Digests (`sha256:…`) that pin the table's images to their content, by box.
   *
   * @default - tags alone
   */
  readonly digests?: { readonly [box: string]: string };

  /**
   * Whether an image may have the tag `latest` or none.
   *
   * @default false
   */
  readonly allowLatest?: boolean;
}

/** Resolves the image of a box: the environment's override, else the table's through the mirror, with its digest. */
export class ImagePolicy {
  private readonly props: ImagePolicyProps;

  public constructor(props: ImagePolicyProps = {}) {
    this.props = props;
    const known = Object.keys(IMAGES);
    for (const [what, map] of Object.entries({ overrides: props.overrides, digests: props.digests })) {
      for (const box of Object.keys(map ?? {})) {
        if (!known.includes(box)) {
          throw invalid(`images.${what}`, `there is no image of '${box}'; ${oneOf(known)}`);
        }
      }
    }
    for (const [box, digest] of Object.entries(props.digests ?? {})) {
      if (props.overrides?.[box] !== undefined) {
        throw invalid(
          `images.digests.${box}`,
          `${box} has an override too; allowed: the digest in the override's image`,
        );
      }
      if (!/^sha256:[0-9a-f]{64}$/.test(digest)) {
        throw invalid(`images.digests.${box}`, `'${digest}' is no digest; allowed: sha256: and 64 hexadecimal digits`);
      }
    }
    if (props.mirror !== undefined && !/^[a-z0-9][a-z0-9.-]*(:\d+)?(\/[a-z0-9._-]+)*$/.test(props.mirror)) {
      throw invalid(
        'images.mirror',
        `'${props.mirror}' is no registry; allowed: a host and a path, as registry.example.com/mirror`,
      );
    }
  }

  /** The image of a box of the topology. */
  public of(box: ImageName): string {
    const override = this.props.overrides?.[box];
    if (override !== undefined) {
      return this.check(override, `images.overrides.${box}`);
    }
    const { mirror } = this.props;
    const image = mirror ? `${mirror}/${IMAGES[box].replace(/^[^/]+\//, '')}` : IMAGES[box];
    const digest = this.props.digests?.[box];
    return digest ? `${image}@${digest}` : image;
  }

  /**
   * Checks an image that somebody else names.
   *
   * @throws where it is no reference, or moves (no tag, or `latest`) and the environment forbids that
   */
  public check(image: string, path: string): string {
    const match = REFERENCE.exec(image ?? '');
    if (!match) {
      throw invalid(
        path,
        `'${image ?? ''}' is no image; allowed: a reference, as registry.example.com/team/service:1.4.2`,
      );
    }
    const { tag, digest } = match.groups!;
    if (!this.props.allowLatest && !digest && (tag === undefined || tag === 'latest')) {
      throw invalid(
        path,
        `image '${image}' has ${tag ? `the tag 'latest'` : 'no tag'}; allowed: a fixed tag or a digest`,
      );
    }
    return image;
  }
}
