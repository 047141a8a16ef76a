import { AlertReceiver, Credential, EmailReceiverProps, WebhookReceiverProps } from '../lib';

const FILE = '/secrets/receiver';

describe('a receiver of alerts', () => {
  it('is a web hook, which egress leads to', () => {
    const token = new Credential({ path: 'alerts/token', description: 'token of the web hook' });
    const all: Required<WebhookReceiverProps> = {
      url: 'https://alerts.example.com:8443/wms',
      token,
      cidrs: ['203.0.113.0/24'],
    };
    const receiver = AlertReceiver.webhook(all);
    expect(receiver._credential).toBe(token);
    expect(receiver._endpoint).toMatchObject({
      name: 'alerts-alerts-example-com',
      hosts: ['alerts.example.com'],
      port: 8443,
      cidrs: ['203.0.113.0/24'],
    });
    expect(receiver._render(FILE)).toEqual({
      webhook_configs: [
        {
          url: 'https://alerts.example.com:8443/wms',
          send_resolved: true,
          http_config: { authorization: { credentials_file: FILE } },
        },
      ],
    });
  });

  it.each([
    ['https://alerts.example.com/', 443],
    ['http://alerts.example.com/', 80],
  ])('is a web hook without a token at %s, port %i', (url, port) => {
    const receiver = AlertReceiver.webhook({ url });
    expect(receiver._credential).toBeUndefined();
    expect(receiver._endpoint.port).toBe(port);
    expect(receiver._render(FILE)).toEqual({ webhook_configs: [{ url, send_resolved: true }] });
  });

  it.each(['alerts.example.com', 'ftp://alerts.example.com', 'https://me:secret@alerts.example.com', ''])(
    'is no web hook at %j',
    (url) => {
      expect(() => AlertReceiver.webhook({ url })).toThrow(
        `[alert receiver] '${url}' is no address; allowed: as https://alerts.example.com/wms`,
      );
    },
  );

  it('is PagerDuty, by a key of its own where one is given', () => {
    const receiver = AlertReceiver.pagerDuty();
    expect(receiver._endpoint).toMatchObject({ hosts: ['events.pagerduty.com'], port: 443 });
    expect(receiver._credential).toMatchObject({ path: 'alertmanager/pagerduty' });
    expect(receiver._render(FILE)).toMatchObject({ pagerduty_configs: [{ routing_key_file: FILE }] });
    const routingKey = new Credential({ path: 'pagerduty/wms', description: 'key' });
    expect(AlertReceiver.pagerDuty({ routingKey })._credential).toBe(routingKey);
  });

  it('is a channel of Slack, by a web hook of its own where one is given', () => {
    const receiver = AlertReceiver.slack({ channel: '#wms-alerts' });
    expect(receiver._endpoint).toMatchObject({ hosts: ['hooks.slack.com'], port: 443 });
    expect(receiver._credential).toMatchObject({ path: 'alertmanager/slack' });
    expect(receiver._render(FILE)).toMatchObject({ slack_configs: [{ api_url_file: FILE, channel: '#wms-alerts' }] });
    const webhookUrl = new Credential({ path: 'slack/wms', description: 'address' });
    expect(AlertReceiver.slack({ channel: 'wms', webhookUrl })._credential).toBe(webhookUrl);
  });

  it('is no channel with spaces', () => {
    expect(() => AlertReceiver.slack({ channel: 'wms alerts' })).toThrow(
      "[alert receiver] 'wms alerts' is no channel; allowed: as #wms-alerts",
    );
  });

  it('is a mailbox, behind a server that encrypts', () => {
    const password = new Credential({ path: 'mail/wms', description: 'password' });
    const all: Required<EmailReceiverProps> = {
      to: 'operators@example.com',
      from: 'wms@example.com',
      host: 'smtp.example.com',
      port: 2587,
      user: 'wms',
      password,
      cidrs: ['198.51.100.0/24'],
    };
    const receiver = AlertReceiver.email(all);
    expect(receiver._credential).toBe(password);
    expect(receiver._endpoint).toMatchObject({
      hosts: ['smtp.example.com'],
      port: 2587,
      cidrs: ['198.51.100.0/24'],
    });
    expect(receiver._render(FILE)).toEqual({
      email_configs: [
        {
          to: 'operators@example.com',
          from: 'wms@example.com',
          smarthost: 'smtp.example.com:2587',
          auth_username: 'wms',
          auth_password_file: FILE,
          require_tls: true,
          send_resolved: true,
        },
      ],
    });
  });

  it('is a mailbox with the defaults of mail', () => {
    const receiver = AlertReceiver.email({ to: 'a@example.com', from: 'b@example.com', host: 'smtp.example.com' });
    expect(receiver._credential).toMatchObject({ path: 'alertmanager/email' });
    expect(receiver._render(FILE)).toMatchObject({
      email_configs: [{ smarthost: 'smtp.example.com:587', auth_username: 'b@example.com' }],
    });
  });

  it.each([
    ['to', 'operators'],
    ['from', 'operators at example.com'],
  ])('is no mailbox whose %s is %j', (name, value) => {
    const props = { to: 'a@example.com', from: 'b@example.com', host: 'smtp.example.com', [name]: value };
    expect(() => AlertReceiver.email(props)).toThrow(
      `[alert receiver] '${value}' is no mail address; allowed: as operators@example.com`,
    );
  });
});
