import { App } from 'cdk8s';
import { Box } from '../connections/box';
import type { Environment } from '../environment';
import { BOXES } from '../topology/boxes';
import { NAMESPACES } from '../topology/namespaces';
import { PlatformNamespace, PlatformNamespaceProps } from './platform-namespace';

/** What the workflow layer is built with. */
export interface TemporalNamespaceProps extends PlatformNamespaceProps {
  readonly environment: Environment;
  readonly boxes: Pick<
    Record<keyof typeof BOXES, Box>,
    'temporalFrontend' | 'temporalHistory' | 'temporalMatching' | 'temporalWorker' | 'postgresql'
  >;
}

/** The workflow layer: Temporal and its store. */
export class TemporalNamespace extends PlatformNamespace {
  public constructor(app: App, props: TemporalNamespaceProps) {
    super(app, NAMESPACES.temporal, props);
  }
}
