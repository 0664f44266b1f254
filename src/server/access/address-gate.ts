// From which addresses an organization lets people and programs in. Asked before a session is opened or prolonged and with every
// request after that. Who is refused is told why and from where; that somebody came from elsewhere stands in the audit once an hour.
import { isAddressAllowed, type CallerKind } from '#shared/access/address-rules.ts';
import { OutpostError } from '#shared/kernel/errors.ts';
import type { TenantId } from '#shared/kernel/ids.ts';
import type { Clock } from '#shared/kernel/ports.ts';
import type { AccessRuleBook } from '#server/access/access-rules.ts';
import { appendAudit } from '#server/audit/append-audit.ts';
import type { SqlDatabase } from '#server/store/database.ts';

export interface AddressCaller {
  readonly tenantId: TenantId;
  /** Null when it is not known yet. */
  readonly userId: string | null;
  readonly address: string;
}

export interface AddressGate {
  isAllowed(kind: CallerKind, caller: Pick<AddressCaller, 'tenantId' | 'address'>): Promise<boolean>;
  /** @throws OutpostError `address_not_allowed` */
  assertAllowed(kind: CallerKind, caller: AddressCaller): Promise<void>;
}

/** What somebody is told who comes from elsewhere. */
export function addressRefusal(address: string): OutpostError {
  return new OutpostError(
    'address_not_allowed',
    'Your organization lets nobody in from this network address. Your work is saved on this computer and is sent from an allowed one.',
    { address },
  );
}

const NOTE_EVERY_MS = 3_600_000;
/** Refusals that are remembered as noted; beyond it the oldest are noted again. */
const MOST_NOTED = 5_000;

export function createAddressGate(
  { database, clock }: { readonly database: SqlDatabase; readonly clock: Clock },
  rules: AccessRuleBook,
): AddressGate {
  const noted = new Map<string, number>();

  async function note({ tenantId, userId, address }: AddressCaller): Promise<void> {
    const name = `${tenantId} ${userId ?? ''} ${address}`;
    if ((noted.get(name) ?? -Infinity) + NOTE_EVERY_MS > clock.now()) return;
    noted.delete(name);
    noted.set(name, clock.now());
    const [oldest] = noted.keys();
    if (noted.size > MOST_NOTED && oldest !== undefined) noted.delete(oldest);
    const what = { command: 'access.refuseAddress', entity: 'user', id: userId ?? tenantId, groups: [] };
    await database.inTenant(tenantId, (session) =>
      appendAudit(session, tenantId, clock.now(), [
        { actor: userId, device: null, ...what, outcome: 'address_not_allowed', detail: { address } },
      ]),
    );
  }

  const isAllowed: AddressGate['isAllowed'] = async (kind, { tenantId, address }) =>
    isAddressAllowed((await rules.of(tenantId)).addresses, kind, address);

  return {
    isAllowed,
    async assertAllowed(kind, caller) {
      if (await isAllowed(kind, caller)) return;
      // Before it is known who it is, a stranger could fill the audit of an organization.
      if (caller.userId !== null) await note(caller);
      throw addressRefusal(caller.address);
    },
  };
}
