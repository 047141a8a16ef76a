import { Chart } from 'cdk8s';
import { Credential, Environment, WmsPlatform, WmsService } from 'cdk8s-wms-platform';
import { Construct } from 'constructs';

/** A team's own service on a platform that somebody else has deployed. */
export class ReturnsService extends Chart {
  public constructor(scope: Construct, id: string, environment: Environment) {
    super(scope, id, { namespace: 'wms-platform' });
    const platform = WmsPlatform.fromEnvironment(this, 'platform', environment);

    // Another team's service, which is on the platform but not of it.
    const customers = WmsService.fromAttributes(this, 'customers', { name: 'customer-service', port: 8030 });

    new WmsService(this, 'returns-service', {
      image: 'ghcr.io/example/returns-service:1.4.2',
      port: 8021,
      database: 'returns_db',
      connectTo: [
        platform.mongodb,
        platform.kafka,
        platform.otelCollector,
        platform.service('inventory-service'),
        customers,
      ],
      settings: { RETURN_WINDOW_DAYS: '30' },
      secretSettings: {
        LABEL_PRINTER_KEY: new Credential({
          path: 'returns-service/label-printer',
          property: 'key',
          description: 'API key of the label printer',
        }),
      },
    });
  }
}
