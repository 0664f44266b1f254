// Everybody who watches a run, and what the first of them found. A broken promise is told here and never reaches the code
// that broke it.
import { createDeviceWatch, type DeviceWatch } from '#test/sim/oracles/watch-device.ts';
import { createServerWatch, type ServerWatch } from '#test/sim/oracles/watch-server.ts';
import { Violation } from '#test/sim/oracles/violation.ts';
import type { Device } from '#test/sim/client/device-contract.ts';
import type { ModelTenant } from '#test/sim/server/model-tenant.ts';
import type { History } from '#test/sim/oracles/history.ts';
import type { Position } from '#server/sync/token.ts';
import { plainSealer } from '#test/sim/server/plain-sealer.ts';
import type { Tally } from '#test/sim/world/tally.ts';

/** The rule of what was thrown and is no broken promise by itself. */
export const STRANGE = 'error';

export interface Broken {
  readonly rule: string;
  readonly message: string;
}

export interface Referee {
  readonly server: ServerWatch;
  readonly device: DeviceWatch;
  historyOf(tenantId: string): History;
  /** An organization was put back to what its backup holds. */
  onRestored(tenant: ModelTenant, devices: readonly Device[]): void;
  /** Looks, unless something was found already. */
  watch(look: () => void): void;
  readonly report: (error: unknown) => void;
  readonly broken: () => Broken | null;
}

export function createReferee(tally: Tally, onBroken: () => void): Referee {
  const readPosition = (token: string): Position => plainSealer.open(token);
  const server = createServerWatch(tally, readPosition);
  const device = createDeviceWatch(tally, historyOf, server.verdicts, (token) => {
    const position = readPosition(token);
    return { seq: position.seq, history: server.lifeOf(position) };
  });
  let broken: Broken | null = null;

  function historyOf(tenantId: string): History {
    const history = server.histories.get(tenantId);
    if (history === undefined) throw new Error(`There is no history of ${tenantId}.`);
    return history;
  }

  function report(error: unknown): void {
    if (broken !== null) return;
    if (error instanceof Violation) broken = { rule: error.rule, message: error.message };
    else broken = { rule: STRANGE, message: error instanceof Error ? (error.stack ?? error.message) : String(error) };
    onBroken();
  }

  return {
    server,
    device,
    onRestored(tenant, devices) {
      const before = historyOf(tenant.id);
      device.onRestored(server.onRestored(tenant), devices, before);
    },
    historyOf,
    watch(look) {
      if (broken !== null) return;
      try {
        look();
      } catch (error) {
        report(error);
      }
    },
    report,
    broken: () => broken,
  };
}
