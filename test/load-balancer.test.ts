import { AlbProps, LoadBalancer, NlbProps, NodePortProps } from '../lib';
import { ClientAddress } from '../lib/load-balancer';

const ARN = 'arn:aws:acm:us-east-1:123456789012:certificate/0f1e2d3c-0000-4000-8000-abcdefabcdef';

describe('an Application Load Balancer', () => {
  const { _exposure: exposure, _exposed: exposed } = LoadBalancer.alb();

  it('ends TLS before the ingress controller, and speaks TLS to it', () => {
    expect(exposure.albAnnotations).toEqual({
      'alb.ingress.kubernetes.io/scheme': 'internet-facing',
      'alb.ingress.kubernetes.io/target-type': 'ip',
      'alb.ingress.kubernetes.io/listen-ports': '[{"HTTP":80},{"HTTPS":443}]',
      'alb.ingress.kubernetes.io/ssl-redirect': '443',
      'alb.ingress.kubernetes.io/ssl-policy': 'ELBSecurityPolicy-TLS13-1-2-2021-06',
      'alb.ingress.kubernetes.io/backend-protocol': 'HTTPS',
      'alb.ingress.kubernetes.io/load-balancer-attributes':
        'routing.http.drop_invalid_header_fields.enabled=true,routing.http.xff_header_processing.mode=append',
    });
  });

  it('says in a header who the client is, and needs no Service for the outside', () => {
    expect(exposure).toMatchObject({
      type: 'ClusterIP',
      annotations: {},
      clientAddress: ClientAddress.FORWARDED_FOR,
      httpsPort: 443,
    });
    expect(exposed).toEqual({ loadBalancers: 0, nodePorts: 0 });
  });

  it('may be in the VPC alone, with a certificate of its own', () => {
    const all: Required<AlbProps> = { certificateArn: ARN, internetFacing: false };
    expect(LoadBalancer.alb(all)._exposure.albAnnotations).toMatchObject({
      'alb.ingress.kubernetes.io/scheme': 'internal',
      'alb.ingress.kubernetes.io/certificate-arn': ARN,
    });
  });

  it.each(['', ARN.replace('acm', 'iam'), ARN.replace('123456789012', '1'), `${ARN},${ARN}`])(
    'has no certificate "%s"',
    (certificateArn) => {
      expect(() => LoadBalancer.alb({ certificateArn })).toThrow(
        `[load balancer] '${certificateArn}' is no certificate; allowed: an ARN of AWS Certificate Manager`,
      );
    },
  );
});

describe('a Network Load Balancer', () => {
  it('passes connections on to pods, and says by the PROXY protocol whose they are', () => {
    const { _exposure: exposure, _exposed: exposed } = LoadBalancer.nlb();
    expect(exposure).toEqual({
      type: 'LoadBalancer',
      loadBalancerClass: 'service.k8s.aws/nlb',
      annotations: {
        'service.beta.kubernetes.io/aws-load-balancer-scheme': 'internet-facing',
        'service.beta.kubernetes.io/aws-load-balancer-nlb-target-type': 'ip',
        'service.beta.kubernetes.io/aws-load-balancer-proxy-protocol': '*',
      },
      nodePorts: false,
      clientAddress: ClientAddress.PROXY_PROTOCOL,
      httpsPort: 443,
    });
    expect(exposed).toEqual({ loadBalancers: 1, nodePorts: 0 });
  });

  it('may be in the VPC alone', () => {
    const all: Required<NlbProps> = { internetFacing: false };
    expect(LoadBalancer.nlb(all)._exposure.annotations).toMatchObject({
      'service.beta.kubernetes.io/aws-load-balancer-scheme': 'internal',
    });
  });
});

it("Google's load balancer keeps the clients' addresses on the way by node ports", () => {
  const { _exposure: exposure, _exposed: exposed } = LoadBalancer.gcp();
  expect(exposure).toEqual({
    type: 'LoadBalancer',
    annotations: { 'cloud.google.com/l4-rbs': 'enabled' },
    nodePorts: true,
    clientAddress: ClientAddress.SOURCE,
    httpsPort: 443,
  });
  expect(exposed).toEqual({ loadBalancers: 1, nodePorts: 2 });
});

describe('node ports', () => {
  it('are 30080 and 30443, and clients know HTTPS at the latter', () => {
    const { _exposure: exposure, _exposed: exposed } = LoadBalancer.nodePort();
    expect(exposure).toEqual({
      type: 'NodePort',
      annotations: {},
      nodePorts: true,
      fixedNodePorts: { http: 30080, https: 30443 },
      clientAddress: ClientAddress.SOURCE,
      httpsPort: 30443,
    });
    expect(exposed).toEqual({ loadBalancers: 0, nodePorts: 2 });
  });

  it('may be others', () => {
    const all: Required<NodePortProps> = { http: 30000, https: 32767 };
    expect(LoadBalancer.nodePort(all)._exposure).toMatchObject({ fixedNodePorts: all, httpsPort: 32767 });
  });

  it.each([
    [{ http: 29999 }, 'node port http is 29999; allowed: a whole number from 30000 to 32767'],
    [{ https: 32768 }, 'node port https is 32768; allowed: a whole number from 30000 to 32767'],
    [{ https: 30443.5 }, 'node port https is 30443.5; allowed: a whole number from 30000 to 32767'],
    [{ http: 30443 }, 'node ports http and https are both 30443; allowed: two ports'],
  ])('are not %j', (props, message) => {
    expect(() => LoadBalancer.nodePort(props)).toThrow(`[load balancer] ${message}`);
  });
});
