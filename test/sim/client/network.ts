// The line between a device and the servers: slow, lossy, repeating itself, and cut when the device is away.
import { fromErrorData, OutpostError, toErrorData } from '#shared/kernel/errors.ts';
import type { FastRandom } from '#test/sim/kernel/fast-random.ts';
import type { Loop } from '#test/sim/kernel/loop.ts';
import type { Answer, Caller, Connection, ServerProcess, ServerRequest } from '#test/sim/server/server-process.ts';
import type { FaultRates } from '#test/sim/world/script.ts';
import type { Tally } from '#test/sim/world/tally.ts';

export interface NetworkDeps {
  readonly loop: Loop;
  readonly random: FastRandom;
  readonly processes: readonly ServerProcess[];
  readonly faults: () => FaultRates;
  readonly tally: Tally;
  /** Of the servers: what was sent to one that was restored meanwhile never arrives. */
  readonly life: () => number;
}

export interface LineEvents {
  readonly onOpen: () => void;
  readonly onPoke: () => void;
  readonly onClose: (wasEnded: boolean) => void;
}

export interface Line {
  isUp: boolean;
  ask(caller: Caller, request: ServerRequest, signal?: AbortSignal): Promise<Answer>;
  listen(caller: Caller, events: LineEvents): { close(): void };
}

const PATIENCE_MS = 15_000;

function unreachable(): OutpostError {
  return new OutpostError('server_unreachable', 'The server cannot be reached.');
}

export function createLine({ loop, random, processes, faults, tally, life }: NetworkDeps): Line {
  const latency = (): number =>
    random.chance(faults().slowNetwork) ? random.integer(100, 6_000) : random.integer(2, 40);
  const chooseProcess = (): ServerProcess => random.pick(processes);

  const line: Line = {
    isUp: true,
    ask(caller, request, signal) {
      return new Promise((resolve, reject) => {
        let isOver = false;
        const patience = loop.after(PATIENCE_MS, () => finish(() => reject(unreachable())));
        function finish(end: () => void): void {
          if (isOver) return;
          isOver = true;
          patience.cancel();
          end();
        }
        signal?.addEventListener('abort', () => finish(() => reject(new OutpostError('cancelled', 'Given up.'))), {
          once: true,
        });
        if (!line.isUp) {
          loop.after(random.integer(1, 200), () => finish(() => reject(unreachable())));
          return;
        }
        const rates = faults();
        const carry = (delayMs: number, isHeard: boolean): void => {
          const sentIn = life();
          loop.after(delayMs, () => {
            if (sentIn !== life()) return;
            const process = chooseProcess();
            const back = (end: () => void): void => {
              if (!isHeard || !line.isUp) return;
              if (random.chance(rates.answerLost)) {
                tally.lostMessages += 1;
                return;
              }
              loop.after(latency(), () => finish(end));
            };
            process.handle(caller, request).then(
              (answer) => back(() => resolve(answer)),
              (error: unknown) => back(() => reject(fromErrorData(toErrorData(error)))),
            );
          });
        };
        if (random.chance(rates.requestLost)) tally.lostMessages += 1;
        else carry(latency(), true);
        if (request.kind === 'refresh') return;
        if (random.chance(rates.requestTwice)) carry(latency(), true);
        if (random.chance(rates.requestMuchLater)) carry(random.integer(10_000, 90_000), false);
      });
    },
    listen(caller, events) {
      const process = chooseProcess();
      let isClosed = false;
      const deliver = (tell: () => void): void => {
        const rates = faults();
        if (!line.isUp || random.chance(rates.pokeLost)) return;
        loop.after(latency(), () => {
          if (!isClosed) tell();
        });
        if (random.chance(rates.pokeTwice))
          loop.after(latency(), () => {
            if (!isClosed) tell();
          });
      };
      function close(wasEnded: boolean): void {
        if (isClosed) return;
        isClosed = true;
        process.disconnect(connection);
        events.onClose(wasEnded);
      }
      const connection: Connection = {
        caller,
        onPoke: () => deliver(events.onPoke),
        onClose: (wasEnded) => void loop.after(latency(), () => close(wasEnded)),
      };
      loop.after(latency(), () => {
        if (isClosed) return;
        if (!line.isUp) {
          close(false);
          return;
        }
        process.connect(connection).then(
          (isOpen) => {
            if (isClosed) return;
            if (isOpen) events.onOpen();
            else close(false);
          },
          () => close(false),
        );
      });
      return {
        close() {
          isClosed = true;
          process.disconnect(connection);
        },
      };
    },
  };
  return line;
}
