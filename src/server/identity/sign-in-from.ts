/** Where somebody signs in from. */
export interface SignInFrom {
  readonly deviceId: string;
  readonly deviceName: string;
  readonly address: string;
}

/** How somebody showed first who they are. */
export type ProvedBy = 'password' | 'oidc' | 'saml' | 'ldap' | 'invitation' | 'passkey';
