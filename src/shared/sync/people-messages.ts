// What administrators ask the server about the people of the organization, beside their records: invitations and devices.
import { Type, type Static } from 'typebox';
import { NewPasswordSchema } from '#shared/sync/messages.ts';

const Text = Type.String({ maxLength: 512 });
const OrNothing = Type.Union([Type.String({ maxLength: 512 }), Type.Null()]);

export const InvitationRequestSchema = Type.Object(
  {
    /** By mail when the server can; otherwise the link is in the answer, to be passed on. */
    byMail: Type.Boolean(),
  },
  { additionalProperties: false },
);
export type InvitationRequest = Static<typeof InvitationRequestSchema>;

/** Why the link did not go by mail although it was wished. */
export const mailHindrances = ['notSetUp', 'noPublicAddress', 'refused', 'unreachable'] as const;
export type MailHindrance = (typeof mailHindrances)[number];

/** An invitation: mailed, and then the code is nowhere else, or to be passed on, and then shown this once. */
export const SentInvitationSchema = Type.Object({
  email: Text,
  validUntil: Text,
  isMailed: Type.Boolean(),
  /** Null when it was mailed. */
  code: OrNothing,
  /** Null when it was mailed, or when the server does not know its public address. */
  link: OrNothing,
  hindrance: Type.Union([Type.Enum(mailHindrances), Type.Null()]),
});
export type SentInvitation = Static<typeof SentInvitationSchema>;

/** Body of `POST /api/v1/auth/accept-invitation`. */
const linkFields = {
  email: Type.String({ minLength: 1, maxLength: 254 }),
  code: Type.String({ minLength: 1, maxLength: 64 }),
};
/** What the link of an invitation holds. */
export const InvitationPlaceSchema = Type.Object(linkFields, { additionalProperties: false });
export const AcceptanceSchema = Type.Object(
  { ...linkFields, newPassword: NewPasswordSchema },
  { additionalProperties: false },
);

/** What stands with a device. A wipe is ordered, told to the device at its next contact, and done when the device says so. */
export const deviceStates = ['signedIn', 'signedOut', 'wipeOrdered', 'wipeTold', 'wiped'] as const;
export type DeviceState = (typeof deviceStates)[number];

export const DeviceListSchema = Type.Object({
  devices: Type.Array(
    Type.Object({
      id: Text,
      /** What its user calls it, otherwise what it calls itself. */
      name: Text,
      isNamed: Type.Boolean(),
      state: Type.Enum(deviceStates),
      /** It is the one that asks. */
      isCurrent: Type.Boolean(),
      /** Instants; null when that is not known any more. */
      signedInAt: OrNothing,
      lastSeenAt: OrNothing,
      address: OrNothing,
      wipeOrderedAt: OrNothing,
      /** When it was told, and when it confirmed. */
      wipeToldAt: OrNothing,
      wipedAt: OrNothing,
    }),
  ),
});
export type DeviceList = Static<typeof DeviceListSchema>;
export type KnownDevice = DeviceList['devices'][number];

export const MOST_DEVICE_NAME = 80;
export const DeviceNameSchema = Type.Object(
  { name: Type.String({ maxLength: MOST_DEVICE_NAME }) },
  { additionalProperties: false },
);

/** Body of `POST /api/v1/auth/wiped`: what the device was given with the order. */
export const WipeReceiptSchema = Type.Object(
  { receipt: Type.String({ minLength: 1, maxLength: 128 }) },
  { additionalProperties: false },
);
