// How an organization sends its campaigns. `server`: through the mail server the operator set up. Everything but the secret
// (a password or a key), which goes in and never comes out.
import { Type, type Static } from 'typebox';

export const providerKinds = ['server', 'smtp', 'sendgrid', 'mailgun', 'ses'] as const;
export type ProviderKind = (typeof providerKinds)[number];

const line = (maxLength: number) => Type.String({ maxLength, pattern: String.raw`^[^\u0000-\u001f\u007f]*$` });

export const ProviderSettingsSchema = Type.Object(
  {
    kind: Type.Enum(['server', 'smtp', 'sendgrid', 'mailgun', 'ses']),
    /** Who mail comes from; empty: as the mail server of the operator says. */
    fromName: line(120),
    fromAddress: line(254),
    host: line(253),
    port: Type.Integer({ minimum: 0, maximum: 65_535 }),
    security: Type.Enum(['tls', 'starttls', 'none']),
    user: line(254),
    /** Of Mailgun: the sending domain. Of SES: the region. */
    domain: line(253),
    /** Where the API is, for accounts in another region; empty: where the provider says. */
    endpoint: line(2048),
  },
  { additionalProperties: false },
);
export type ProviderSettings = Static<typeof ProviderSettingsSchema>;

export const noProvider: ProviderSettings = {
  kind: 'server',
  fromName: '',
  fromAddress: '',
  host: '',
  port: 587,
  security: 'starttls',
  user: '',
  domain: '',
  endpoint: '',
};
