import { Chart } from 'cdk8s';
import { CloudProvider, Environment, WmsApp, WmsPlatform, WmsService } from 'cdk8s-wms-platform';

const environment = Environment.production({
  provider: CloudProvider.aws({ region: 'us-east-1', accountId: '123456789012' }),
  domain: 'wms.example.com',
  services: { registry: 'registry.example.com/wms', tag: '1.4.2' },
  images: { mirror: 'registry.example.com/mirror' },
});

const app = new WmsApp({ outdir: `dist/${environment.name}` });

const platform = new WmsPlatform(app, environment.name, {
  environment,
  services: {
    'order-service': {
      replicas: 4,
      resources: { cpuRequest: '250m', memoryRequest: '256Mi', cpuLimit: '1', memoryLimit: '1Gi' },
    },
    'picking-service': { worker: { replicas: 3 } },
  },
});

// What a property does not cover: the Kubernetes objects are there to be changed.
platform.service('order-service').deployment.kubeDeployment.metadata.addAnnotation('example.com/owner', 'orders');

// A service of one's own, beside the platform's, in its namespace.
const reports = new Chart(app, 'report-service', { namespace: 'wms-platform' });
new WmsService(reports, 'report-service', {
  image: 'registry.example.com/reports/report-service:2.0.1',
  port: 8040,
  connectTo: [platform.kafka, platform.otelCollector, platform.service('labor-service')],
});

app.synth();
