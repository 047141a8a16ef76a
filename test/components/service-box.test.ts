import { serviceBox } from '../../lib/components/service-box';
import { EndpointKind } from '../../lib/connections/endpoint';

it('A service is known to others by its name, namespace and one HTTP port', () => {
  expect(serviceBox('returns-service', 'returns', 8021)).toEqual({
    namespace: 'returns',
    workload: 'returns-service',
    component: 'api',
    endpoints: { http: { port: 8021, kind: EndpointKind.HTTP } },
  });
});
