// The part of the composition that signs people in with providers of their organizations, and lets administrators set them up.
import { createIdFactory } from '#shared/kernel/ids.ts';
import { createEgress } from '#server/egress/egress.ts';
import type { AllowRule } from '#server/egress/address-rules.ts';
import type { HttpServer } from '#server/http/http-server.ts';
import { requirePublicAddress, type PublicAddress } from '#server/http/public-address.ts';
import { addSsoRoutes } from '#server/http/routes/sso-routes.ts';
import { addSamlMetadata, addSsoSettingsRoutes } from '#server/http/routes/sso-settings-routes.ts';
import type { Identity, IdentityDependencies } from '#server/identity/create-identity.ts';
import { createMetadataFollower, startFollowing } from '#server/sso/follow-metadata.ts';
import { createManageSso, type ResolveTxt } from '#server/sso/manage-sso.ts';
import { readServiceKey } from '#server/sso/service-key.ts';
import { createSingleSignOn } from '#server/sso/single-sign-on.ts';

export interface ProviderOptions {
  /** Hosts and networks inside that administrators may name, as the operator allowed them. */
  readonly allowedAddresses?: readonly AllowRule[];
  /** How the DNS is asked for the texts of a name; default: by the system. */
  readonly resolveTxt?: ResolveTxt;
}

export function addSignInWithProviders(
  app: HttpServer,
  parts: Pick<IdentityDependencies, 'database' | 'clock' | 'random'> & {
    readonly identity: Identity;
    readonly publicAddress: PublicAddress;
    readonly options: ProviderOptions;
    readonly onFailure: (error: unknown) => void;
  },
): void {
  const { database, clock, random, identity, publicAddress, options, onFailure } = parts;
  const createId = createIdFactory(clock, random);
  const egress = createEgress(options.allowedAddresses ?? []);
  const follower = createMetadataFollower({ database, clock, egress });
  app.addHook('preClose', startFollowing(follower, onFailure));
  const address = requirePublicAddress(publicAddress);
  const sso = createSingleSignOn({
    database,
    clock,
    random,
    createId,
    egress,
    follower,
    admit: (proof) => identity.admit(proof),
    publicAddress: address,
  });
  const { resolveTxt } = options;
  const dns = resolveTxt === undefined ? {} : { resolveTxt };
  addSsoRoutes(app, sso);
  const manage = createManageSso({ database, clock, createId, egress, follower, publicAddress, ...dns });
  addSsoSettingsRoutes(app, manage, sso);
  addSamlMetadata(app, publicAddress, () => database.transaction((session) => readServiceKey(session, clock.now())));
}
