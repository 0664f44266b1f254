// What windows know of the program and of who is signed in.
import type { Actor } from '#shared/access/actor.ts';
import type { ErrorData } from '#shared/kernel/errors.ts';
import type { FeatureRules } from '#shared/platform/features.ts';
import type { FactorWay, SignInNeed } from '#shared/sync/sign-in-messages.ts';

export interface AppInfo {
  readonly version: string;
  readonly host: 'electron' | 'chromium';
  readonly platform: string;
  readonly locale: string;
  /** Where keys are kept: `keychain`, `safeStorage`, `passphrase`; shown in Settings. */
  readonly secretBackend: string;
  /** There is a server that can found the demo company: the embedded one, or the one named at the start. */
  readonly hasDemo: boolean;
}

export type SessionState =
  /**
   * Keys cannot be read: `choosePassphrase` on a computer without a keychain, `enterPassphrase` when it was chosen before,
   * `keychainAway` when they are in a keychain that does not answer.
   */
  | { readonly status: 'locked'; readonly reason: 'choosePassphrase' | 'enterPassphrase' | 'keychainAway' }
  | { readonly status: 'firstRun' }
  /** The computer was too long without its server, or its clock went back: nothing is shown until it meets the server. */
  | {
      readonly status: 'leaseEnded';
      readonly reason: 'over' | 'clock';
      readonly serverUrl: string;
      readonly tenantName: string;
      readonly email: string;
      readonly days: number;
      /** Until when it worked, in the server's time. */
      readonly endsAt: string;
      /** Work that is kept here and not sent yet. */
      readonly unsentCount: number;
    }
  | {
      readonly status: 'signedOut';
      readonly serverUrl: string;
      readonly email: string | null;
      readonly hasLocalData: boolean;
      /** Why the session ended when the user did not ask for it: `refresh_reused`, `account_deactivated` … */
      readonly reason?: ErrorData;
    }
  | {
      readonly status: 'signedIn';
      readonly serverUrl: string;
      readonly tenantName: string;
      readonly actor: Actor;
      readonly deviceId: string;
      /** Which features the organization has, as the server last said. */
      readonly features: FeatureRules;
      /** Nobody was there for a while: screens are covered until the password was entered. */
      readonly isLocked?: boolean;
    }
  /** The first proof was right, and more is owed before anything opens. The key of the challenge stays in main. */
  | {
      readonly status: 'challenged';
      readonly serverUrl: string;
      readonly email: string;
      readonly need: SignInNeed;
      readonly ways: readonly FactorWay[];
      readonly leastLength: number;
      /** Shown once. */
      readonly recoveryCodes?: readonly string[];
    };
