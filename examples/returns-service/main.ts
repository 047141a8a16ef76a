import { Environment, WmsApp } from 'cdk8s-wms-platform';
import { ReturnsService } from './returns-service';

// As the platform's own main.ts has it: what it says decides addresses, secrets and sizes.
const environment = Environment.production({ services: { registry: 'registry.example.com/wms', tag: '1.4.2' } });

const app = new WmsApp({ outdir: `dist/${environment.name}` });
new ReturnsService(app, 'returns-service', environment);
app.synth();
