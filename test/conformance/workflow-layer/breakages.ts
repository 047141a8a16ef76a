import { Breakage, breaks } from '../breakage';

/** A service that nobody can find by what it tells. */
export const WRONG_ADDRESS: Breakage = breaks(
  'a service that tells others a wrong address',
  'Deployment temporal/temporal-worker',
  ({ spec }) => {
    const [{ env }] = spec.template.spec.containers as {
      env: { name: string; value?: string; valueFrom?: object }[];
    }[];
    const address = env.find(({ name }) => name === 'POD_IP')!;
    delete address.valueFrom;
    address.value = '127.0.0.1';
  },
  /^its members are .*127\.0\.0\.1:\d+.* instead of /,
);

/** A frontend that no client reaches. */
export const SEPARATED: Breakage = breaks(
  'clients that may not speak to the frontend',
  'NetworkPolicy temporal/temporal-frontend',
  (p) => (p.spec.ingress = []),
  /^none starts: /,
);

/** A store that comes back with nothing. */
export const FORGETFUL: Breakage = breaks(
  'a store whose data goes with its pod',
  'StatefulSet temporal/postgresql',
  ({ spec }) => {
    delete spec.volumeClaimTemplates;
    spec.template.spec.volumes.push({ name: 'data', emptyDir: {} });
  },
  /^it takes longer than the topology's \d+ s$/,
);
