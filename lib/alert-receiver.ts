import { ExternalEndpoint } from './connections/external-endpoint';
import { invalid } from './errors';
import { Credential } from './secrets/credential';

/** A web hook. */
export interface WebhookReceiverProps {
  /** Its address, as `https://alerts.example.com/wms`. */
  readonly url: string;

  /**
   * The bearer token it wants.
   *
   * @default - none
   */
  readonly token?: Credential;

  /**
   * The networks it is in.
   *
   * @default - the internet
   */
  readonly cidrs?: string[];
}

/** A service of PagerDuty's, by its Events API v2 key. */
export interface PagerDutyReceiverProps {
  /**
   * The key.
   *
   * @default - the credential alertmanager/pagerduty
   */
  readonly routingKey?: Credential;
}

/** A channel of Slack's, by an incoming web hook. */
export interface SlackReceiverProps {
  /** The channel, as `#wms-alerts`. */
  readonly channel: string;

  /**
   * The web hook's address, which is a secret.
   *
   * @default - the credential alertmanager/slack
   */
  readonly webhookUrl?: Credential;
}

/** A mailbox. */
export interface EmailReceiverProps {
  /** Who gets it. */
  readonly to: string;

  /** Who it is from. */
  readonly from: string;

  /** The mail server, as `smtp.example.com`; it must offer STARTTLS. */
  readonly host: string;

  /**
   * The mail server's port.
   *
   * @default 587
   */
  readonly port?: number;

  /**
   * The user to log in as.
   *
   * @default - `from`
   */
  readonly user?: string;

  /**
   * The user's password.
   *
   * @default - the credential alertmanager/email
   */
  readonly password?: Credential;

  /**
   * The networks the mail server is in.
   *
   * @default - the internet
   */
  readonly cidrs?: string[];
}

/** How a receiver is written in Alertmanager's configuration, given the file that its secret is in. */
type Render = (secretFile: string) => Record<string, object[]>;

/** Somebody who hears of alerts. */
export class AlertReceiver {
  /**
   * A web hook, which gets Alertmanager's own JSON.
   *
   * @param props where it is
   * @throws where its address is no https or http one, or carries a password
   */
  public static webhook(props: WebhookReceiverProps): AlertReceiver {
    const url = URL.canParse(props.url) ? new URL(props.url) : undefined;
    if (!url || !/^https?:$/.test(url.protocol) || url.username || url.password) {
      throw invalid('alert receiver', `'${props.url}' is no address; allowed: as https://alerts.example.com/wms`);
    }
    const port = url.port ? Number(url.port) : url.protocol === 'https:' ? 443 : 80;
    const { token, cidrs } = props;
    const endpoint = new ExternalEndpoint(`alerts-${url.hostname.replace(/\./g, '-')}`, {
      hosts: [url.hostname],
      port,
      cidrs,
    });
    return new AlertReceiver(endpoint, token, (file) => ({
      webhook_configs: [
        {
          url: props.url,
          send_resolved: true,
          ...(token ? { http_config: { authorization: { credentials_file: file } } } : {}),
        },
      ],
    }));
  }

  /**
   * PagerDuty.
   *
   * @param props its key
   */
  public static pagerDuty(props: PagerDutyReceiverProps = {}): AlertReceiver {
    const key =
      props.routingKey ??
      credential('pagerduty', "the integration key of PagerDuty's Events API v2 that alerts are sent with");
    return new AlertReceiver(new ExternalEndpoint('pagerduty', { hosts: ['events.pagerduty.com'] }), key, (file) => ({
      pagerduty_configs: [{ routing_key_file: file, severity: '{{ .CommonLabels.severity }}', send_resolved: true }],
    }));
  }

  /**
   * Slack.
   *
   * @param props its channel
   * @throws where the channel is none
   */
  public static slack(props: SlackReceiverProps): AlertReceiver {
    if (!/^[#@]?[-_.a-z0-9A-Z]+$/.test(props.channel ?? '')) {
      throw invalid('alert receiver', `'${props.channel}' is no channel; allowed: as #wms-alerts`);
    }
    const url = props.webhookUrl ?? credential('slack', "the address of Slack's incoming web hook that alerts go to");
    return new AlertReceiver(new ExternalEndpoint('slack', { hosts: ['hooks.slack.com'] }), url, (file) => ({
      slack_configs: [
        {
          api_url_file: file,
          channel: props.channel,
          send_resolved: true,
          title: '{{ .CommonLabels.alertname }} ({{ .Status }})',
          text: '{{ range .Alerts }}{{ .Annotations.summary }}: {{ .Annotations.runbook_url }}\n{{ end }}',
        },
      ],
    }));
  }

  /**
   * A mailbox.
   *
   * @param props who, and by which server
   * @throws where an address is none
   */
  public static email(props: EmailReceiverProps): AlertReceiver {
    const { to, from, host, port = 587, user = from, cidrs } = props;
    for (const address of [to, from]) {
      if (!/^[^@\s]+@[^@\s]+$/.test(address ?? '')) {
        throw invalid('alert receiver', `'${address}' is no mail address; allowed: as operators@example.com`);
      }
    }
    const password = props.password ?? credential('email', `password of ${user} at the mail server ${host}`);
    const endpoint = new ExternalEndpoint(`mail-${host.replace(/\./g, '-')}`, { hosts: [host], port, cidrs });
    return new AlertReceiver(endpoint, password, (file) => ({
      email_configs: [
        {
          to,
          from,
          smarthost: `${host}:${port}`,
          auth_username: user,
          auth_password_file: file,
          require_tls: true,
          send_resolved: true,
        },
      ],
    }));
  }

  /** @internal */
  public readonly _endpoint: ExternalEndpoint;

  /** @internal */
  public readonly _credential: Credential | undefined;

  /** @internal */
  public readonly _render: Render;

  private constructor(endpoint: ExternalEndpoint, secret: Credential | undefined, render: Render) {
    this._endpoint = endpoint;
    this._credential = secret;
    this._render = render;
  }
}

function credential(name: string, description: string): Credential {
  return new Credential({ path: `alertmanager/${name}`, description });
}
