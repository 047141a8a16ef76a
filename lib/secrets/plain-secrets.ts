import { k8s } from 'cdk8s-plus-27';
import { Credential, renderText } from './credential';
import type { Secret } from './secret';
import { secretMetadata, SecretsStrategy } from './secrets-strategy';

/** Plain Secrets with obviously fake values. */
export class PlainSecrets implements SecretsStrategy {
  public render(secret: Secret): void {
    const fake = (c: Credential) => c._fakeValue;
    new k8s.KubeSecret(secret, 'secret', {
      metadata: secretMetadata(secret),
      type: 'Opaque',
      stringData: Object.fromEntries(
        Object.entries(secret.data).map(([key, text]) => [
          key,
          renderText(text, fake, (c) => encodeURIComponent(fake(c))),
        ]),
      ),
    });
  }

  public location(_environment: string, credential: Credential): string {
    return `fake value \`${credential._fakeValue}\``;
  }

  public role(): undefined {
    return undefined;
  }
}
