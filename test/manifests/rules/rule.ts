import { Manifest, nameOf, Part } from '../../manifest';
import { renderEnvironments } from '../manifests';

/** What must hold for the manifests of an environment: returns a sentence for each place where it does not. */
export type Rule = (manifests: readonly Manifest[]) => string[];

/** A change to production's manifests that breaks a rule. */
export interface Breakage {
  /** What the change does, as a test title. */
  readonly title: string;
  /** The object it changes, as `Deployment wms-platform/order-service`. */
  readonly object: string;
  /** Changes the object, or the manifests around it. */
  readonly change: (object: Part, manifests: Part[]) => void;
  /** What the rule must say. */
  readonly says: string | RegExp;
}

/** Tests a rule: it holds for every environment, and it finds every breakage. */
export function describeRule(title: string, rule: Rule, breakages: readonly Breakage[]): void {
  describe(title, () => {
    const environments = renderEnvironments();

    it.each(environments)('holds in $name', ({ all }) => {
      expect(rule(all)).toEqual([]);
    });

    it.each([...breakages])('finds $title', ({ object, change, says }) => {
      const manifests = structuredClone(environments.find(({ name }) => name === 'production')!.all);
      const target = manifests.find((m) => nameOf(m) === object);
      expect(target).toBeDefined();
      change(target, manifests);
      expect(rule(manifests)).toEqual([expect.stringMatching(says)]);
    });
  });
}
