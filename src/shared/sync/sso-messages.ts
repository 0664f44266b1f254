// Single sign-on on the wire: what an address may sign in with, the steps of a sign-in in the browser, and what administrators
// set up. A secret of a provider goes one way only: no answer holds one.
import { Type, type Static } from 'typebox';

export const providerKinds = ['oidc', 'saml', 'ldap'] as const;
export type ProviderKind = (typeof providerKinds)[number];
export const oidcPresets = ['google', 'microsoft', 'okta', 'generic'] as const;

const text = (maxLength: number) => Type.String({ maxLength });
const filled = (maxLength: number) => Type.String({ minLength: 1, maxLength });
const closed = { additionalProperties: false } as const;
const Id = filled(64);
const Email = filled(254);
const KindSchema = Type.Enum([...providerKinds]);

export const AddressSchema = Type.Object({ email: Email }, closed);
/** By the domain of an address, so that nobody learns which accounts there are. */
export const AddressWaysSchema = Type.Object({
  /** False: people of this domain sign in with a provider. */
  password: Type.Boolean(),
  providers: Type.Array(Type.Object({ id: Id, name: text(80), kind: KindSchema }), { maxItems: 20 }),
});
export type AddressWays = Static<typeof AddressWaysSchema>;

/** `redirectUri`: the place on the own computer that the browser comes back to; `codeChallenge`: S256 of a secret kept there. */
const BrowserReturn = {
  redirectUri: Type.String({
    maxLength: 100,
    pattern: '^http://(127\\.0\\.0\\.1|\\[::1\\]):[0-9]{1,5}/[A-Za-z0-9_-]{16,64}$',
  }),
  codeChallenge: Type.String({ pattern: '^[A-Za-z0-9_-]{43}$' }),
};
export const BeginSsoSchema = Type.Object({ email: Email, providerId: Id, ...BrowserReturn }, closed);
export const BegunSsoSchema = Type.Object({ flow: filled(200), expiresInSeconds: Type.Integer() });
export type BeginSso = Static<typeof BeginSsoSchema>;
export type BegunSso = Static<typeof BegunSsoSchema>;
export const BeginTrySchema = Type.Object({ ...BrowserReturn }, closed);

const Device = { deviceId: filled(64), deviceName: text(120) };
const Proof = {
  code: filled(200),
  codeVerifier: Type.String({ pattern: '^[A-Za-z0-9._~-]{43,128}$' }),
};
export const FinishSsoSchema = Type.Object({ ...Proof, ...Device }, closed);
export type FinishSso = Static<typeof FinishSsoSchema>;
export const FinishTrySchema = Type.Object({ ...Proof }, closed);
export const DirectorySignInSchema = Type.Object(
  { email: Email, providerId: Id, password: filled(1024), ...Device },
  closed,
);
export type DirectorySignIn = Static<typeof DirectorySignInSchema>;
export const DirectoryTrySchema = Type.Object({ email: Email, password: filled(1024) }, closed);

const Host = filled(2048);
const Attribute = Type.String({ maxLength: 256 });
export const OidcSettingsSchema = Type.Object(
  {
    preset: Type.Enum([...oidcPresets]),
    issuer: Host,
    clientId: filled(512),
    /** Beside `openid email profile`. */
    scopes: text(512),
    groupsClaim: Attribute,
    /** The provider does not say which addresses it has verified; those of the own domains are believed all the same. */
    emailsAreVerified: Type.Boolean(),
  },
  closed,
);
export type OidcSettings = Static<typeof OidcSettingsSchema>;

export const SamlSettingsSchema = Type.Object(
  {
    /** Where the provider publishes what stands below, and is asked for it again; empty: somebody typed it. */
    metadataAddress: text(2048),
    /** Where the browser is sent. */
    entryPoint: Host,
    /** Entity id of the provider. */
    idpIssuer: filled(1024),
    /** PEM, one or more: those of the provider that signatures are checked with. */
    certificates: filled(32_768),
    /** Assertions in the open are refused. */
    encryptedOnly: Type.Boolean(),
    signsRequests: Type.Boolean(),
    /** Empty: the name id is the address. */
    emailAttribute: Attribute,
    nameAttribute: Attribute,
    groupsAttribute: Attribute,
  },
  closed,
);
export type SamlSettings = Static<typeof SamlSettingsSchema>;

export const ldapSecurity = ['tls', 'starttls', 'none'] as const;
export const LdapSettingsSchema = Type.Object(
  {
    host: filled(255),
    port: Type.Integer({ minimum: 1, maximum: 65_535 }),
    security: Type.Enum([...ldapSecurity]),
    /** PEM of the authority that signed the certificate of the directory; empty: those every computer knows. */
    authority: text(32_768),
    /** Who searches; its password is the secret. */
    bindDn: text(1024),
    baseDn: filled(1024),
    /** `{login}` stands for the address that was typed. */
    userFilter: Type.String({ minLength: 3, maxLength: 1024, pattern: '\\{login\\}' }),
    idAttribute: filled(64),
    emailAttribute: filled(64),
    nameAttribute: filled(64),
    /** Empty: groups are read from `memberOf` of the person. */
    groupBaseDn: text(1024),
    /** `{dn}` stands for the person. */
    groupFilter: text(1024),
  },
  closed,
);
export type LdapSettings = Static<typeof LdapSettingsSchema>;

/** As much as an answer of a provider may be. */
export const MOST_METADATA_LENGTH = 524_288;
export const AskMetadataSchema = Type.Union([
  Type.Object({ address: filled(2048) }, closed),
  Type.Object({ xml: filled(MOST_METADATA_LENGTH) }, closed),
]);
export type AskMetadata = Static<typeof AskMetadataSchema>;
const ProviderKeySchema = Type.Object({ subject: text(256), validUntil: Type.String(), fingerprint: text(128) });
export type ProviderKey = Static<typeof ProviderKeySchema>;
/** What a provider publishes. Nothing of it is kept before it is saved. */
export const FoundMetadataSchema = Type.Object({
  entityId: filled(1024),
  entryPoint: Host,
  /** PEM of those that sign. */
  certificates: filled(32_768),
  keys: Type.Array(ProviderKeySchema),
  /** It takes requests with a signature only. */
  wantsSignedRequests: Type.Boolean(),
});
export type FoundMetadata = Static<typeof FoundMetadataSchema>;

/** The first rule whose group somebody is in gives the role. */
export const RoleMappingSchema = Type.Object(
  {
    rules: Type.Array(Type.Object({ group: filled(512), role: Id }, closed), { maxItems: 100 }),
    /** Null: without a rule that fits nobody comes in. */
    defaultRole: Type.Union([Id, Type.Null()]),
    /** Whoever the provider knows and the organization does not gets an account. */
    createsAccounts: Type.Boolean(),
    /** The role follows the groups at every sign-in. */
    updatesRoles: Type.Boolean(),
  },
  closed,
);
export type RoleMapping = Static<typeof RoleMappingSchema>;

const named = { name: filled(80), isActive: Type.Boolean(), mapping: RoleMappingSchema };
const shapes = {
  oidc: { ...named, kind: Type.Literal('oidc'), settings: OidcSettingsSchema },
  saml: { ...named, kind: Type.Literal('saml'), settings: SamlSettingsSchema },
  ldap: { ...named, kind: Type.Literal('ldap'), settings: LdapSettingsSchema },
} as const;
/** Absent: the one that is kept stays. */
const newSecret = { secret: Type.Optional(text(4096)) };
export const ProviderInputSchema = Type.Union([
  Type.Object({ ...shapes.oidc, ...newSecret }, closed),
  Type.Object({ ...shapes.saml, ...newSecret }, closed),
  Type.Object({ ...shapes.ldap, ...newSecret }, closed),
]);
export type ProviderInput = Static<typeof ProviderInputSchema>;

const kept = {
  id: Id,
  hasSecret: Type.Boolean(),
  savedAt: Type.String(),
  /** Last time somebody came through in a test of what is saved now. */
  testedAt: Type.Union([Type.String(), Type.Null()]),
};
export const ProviderSchema = Type.Union([
  Type.Object({ ...shapes.oidc, ...kept }),
  Type.Object({
    ...shapes.saml,
    ...kept,
    /** Of the certificates that can be read. */
    keys: Type.Array(ProviderKeySchema),
    /** When the published was last what is saved; why the last question failed. */
    metadata: Type.Object({
      readAt: Type.Union([Type.String(), Type.Null()]),
      failure: Type.Union([Type.String(), Type.Null()]),
    }),
  }),
  Type.Object({ ...shapes.ldap, ...kept }),
]);
export type Provider = Static<typeof ProviderSchema>;

export const DomainNameSchema = Type.Object({ domain: filled(253) }, closed);
export const DomainSchema = Type.Object({
  domain: text(253),
  /** To be put into the DNS, as text, at `recordName`. */
  recordName: text(300),
  recordText: text(200),
  verifiedAt: Type.Union([Type.String(), Type.Null()]),
  passwordOff: Type.Boolean(),
});
export type OwnDomain = Static<typeof DomainSchema>;
export const PasswordOffSchema = Type.Object({ passwordOff: Type.Boolean() }, closed);
export const BreakGlassSchema = Type.Object({ userId: Type.Union([Id, Type.Null()]) }, closed);

/** Everything the settings screen shows. */
export const SsoOverviewSchema = Type.Object({
  providers: Type.Array(ProviderSchema),
  domains: Type.Array(DomainSchema),
  /** The administrator who signs in with a password whatever happens. */
  breakGlassUserId: Type.Union([Id, Type.Null()]),
  /** What a provider has to be told; null as long as the server does not know its own address. */
  addresses: Type.Union([
    Type.Object({
      oidcRedirect: Type.String(),
      samlEntityId: Type.String(),
      samlReply: Type.String(),
      /** PEM: providers encrypt for it and check signatures of requests with it. */
      samlCertificate: Type.String(),
      samlFingerprint: Type.String(),
    }),
    Type.Null(),
  ]),
});
export type SsoOverview = Static<typeof SsoOverviewSchema>;

export const refusalReasons = [
  'cancelled',
  'unverified',
  'foreignDomain',
  'noEmail',
  'noRole',
  'noAccount',
  'otherAccount',
  'domainNotAllowed',
  'planFull',
  'superAdmin',
  'wrongAnswer',
  'notEncrypted',
  'replayed',
] as const;
export type SsoRefusal = (typeof refusalReasons)[number];

/** What a sign-in with the provider would have been. Nobody was signed in and nothing was changed. */
export const SsoTrialSchema = Type.Object({
  subject: text(512),
  email: Type.Union([text(254), Type.Null()]),
  isEmailVerified: Type.Boolean(),
  name: Type.Union([text(256), Type.Null()]),
  groups: Type.Array(text(512)),
  role: Type.Union([Id, Type.Null()]),
  /** Whether the account is there, would be made, or why nobody would come in. */
  outcome: Type.Union([Type.Enum(['known', 'linked', 'created']), Type.Enum([...refusalReasons])]),
});
export type SsoTrial = Static<typeof SsoTrialSchema>;
