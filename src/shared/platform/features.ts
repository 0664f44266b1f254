// Features that can be switched: for everybody, for one organization, or for a share of organizations or people. Which
// side of a share somebody is on hangs on a hash of the feature and the id alone, so server and desktop answer the same, a
// desktop without a network with what it was last told, and whoever has a feature keeps it while its share grows.
import { Type, type Static } from 'typebox';
import { isPlainObject } from '#shared/kernel/json.ts';

export const featureNames = ['pivot', 'forecast', 'changes', 'schedules', 'import'] as const;
export type FeatureName = (typeof featureNames)[number];

export const FeatureRuleSchema = Type.Object(
  {
    /** Off: for nobody but organizations that have it by name. */
    isOn: Type.Boolean(),
    /** Of those it is on for. */
    percent: Type.Integer({ minimum: 0, maximum: 100 }),
    /** Whether whole organizations or single people are drawn. */
    by: Type.Union([Type.Literal('organization'), Type.Literal('user')]),
  },
  { additionalProperties: false },
);
export type FeatureRule = Static<typeof FeatureRuleSchema>;

/** By name; one that is not there is as it came: on for everybody. */
export const FeatureRulesSchema = Type.Partial(
  Type.Object(
    Object.fromEntries(featureNames.map((name) => [name, FeatureRuleSchema])) as Record<
      FeatureName,
      typeof FeatureRuleSchema
    >,
  ),
  { additionalProperties: false },
);
/** Features one organization has or has not by name. */
export const FeatureSwitchesSchema = Type.Partial(
  Type.Object(
    Object.fromEntries(featureNames.map((name) => [name, Type.Boolean()])) as Record<
      FeatureName,
      ReturnType<typeof Type.Boolean>
    >,
  ),
  { additionalProperties: false },
);
export type FeatureRules = Readonly<Partial<Record<FeatureName, FeatureRule>>>;

export const usualRule: FeatureRule = { isOn: true, percent: 100, by: 'organization' };

/** Rules of an installation with what one organization has by name: the rules of that organization. */
export function rulesOf(rules: FeatureRules, own: Readonly<Record<string, unknown>>): FeatureRules {
  const named = featureNames.flatMap((name): [FeatureName, FeatureRule][] => {
    const isOn = own[name];
    return typeof isOn === 'boolean' ? [[name, { isOn, percent: 100, by: 'organization' }]] : [];
  });
  return { ...rules, ...Object.fromEntries(named) };
}

/** 0 to 99, the same for the same text for ever (FNV-1a with a last stir, so that neighbours are not neighbours). */
export function bucketOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) % 100;
}

/** `rules`: of the organization of whoever asks. */
export function isFeatureOn(
  rules: FeatureRules,
  name: FeatureName,
  { tenantId, userId }: { readonly tenantId: string; readonly userId: string },
): boolean {
  const { isOn, percent, by } = rules[name] ?? usualRule;
  if (!isOn) return false;
  return bucketOf(`${name} ${tenantId}${by === 'user' ? ` ${userId}` : ''}`) < percent;
}

/** What a server of any time said, as far as it is known here. */
export function readFeatureRules(value: unknown): FeatureRules {
  if (!isPlainObject(value)) return {};
  const found = featureNames.flatMap((name): [FeatureName, FeatureRule][] => {
    const rule = value[name];
    if (!isPlainObject(rule)) return [];
    const { isOn, percent, by } = rule;
    const isRule = typeof isOn === 'boolean' && typeof percent === 'number' && (by === 'user' || by === 'organization');
    return isRule ? [[name, { isOn, percent, by }]] : [];
  });
  return Object.fromEntries(found);
}
