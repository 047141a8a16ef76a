import { invalid } from '../errors';

/** Where an operator keeps a credential, and what it is for. */
export interface CredentialProps {
  /** Where it is kept, below the environment's own path, as `mongodb/order-service`. */
  readonly path: string;

  /** What it is, for the operator who puts it there. */
  readonly description: string;

  /**
   * The property that holds it there.
   *
   * @default password
   */
  readonly property?: string;

  /**
   * The value in development, for a server that takes no other form.
   *
   * @default - `development-only-` and the path
   */
  readonly developmentValue?: string;
}

/**
 * A value that never stands in a manifest: an operator puts it into the environment's secrets backend, and the cluster
 * takes it from there.
 */
export class Credential {
  /** Where it is kept, below the environment's own path. */
  public readonly path: string;

  /** The property that holds it there. */
  public readonly property: string;

  /** What it is. */
  public readonly description: string;

  private readonly developmentValue?: string;

  /** @throws where the path or the property is none */
  public constructor(props: CredentialProps) {
    if (!/^[a-z][-a-z0-9]*(\/[a-z0-9][-a-z0-9]*)*$/.test(props.path)) {
      throw invalid(
        'credential',
        `'${props.path}' is no path; allowed: lower-case names with '/', beginning with a letter, as mongodb/order-service`,
      );
    }
    const property = props.property ?? 'password';
    if (!/^[A-Za-z][-_A-Za-z0-9]*$/.test(property)) {
      throw invalid(`credential ${props.path}`, `'${property}' is no property; allowed: letters, digits, '-' and '_'`);
    }
    if (!props.description) {
      throw invalid(
        `credential ${props.path}`,
        `must provide a description, which tells an operator what to put there`,
      );
    }
    this.path = props.path;
    this.property = property;
    this.description = props.description;
    this.developmentValue = props.developmentValue;
  }

  /**
   * An identifier for templates.
   *
   * @internal
   */
  public get _key(): string {
    return `${this.path}/${this.property}`.replace(/[^A-Za-z0-9]+/g, '_');
  }

  /**
   * The value in development: nobody can take it for a real one.
   *
   * @internal
   */
  public get _fakeValue(): string {
    return this.developmentValue ?? `development-only-${this.path.replace(/\//g, '-')}`;
  }
}

/** A credential inside a URI, where some characters must be escaped. */
export interface UriPart {
  readonly uriEncoded: Credential;
}

/** A secret's value: text with credentials in it. */
export type SecretText = readonly (string | Credential | UriPart)[];

/** The credentials in a secret's value. */
export function credentialsIn(text: SecretText): Credential[] {
  return text.flatMap((part) =>
    typeof part === 'string' ? [] : [part instanceof Credential ? part : part.uriEncoded],
  );
}

/** Puts values in the credentials' places. */
export function renderText(
  text: SecretText,
  credential: (c: Credential) => string,
  uriEncoded: (c: Credential) => string,
): string {
  return text
    .map((part) => {
      if (typeof part === 'string') {
        return part;
      }
      return part instanceof Credential ? credential(part) : uriEncoded(part.uriEncoded);
    })
    .join('');
}
