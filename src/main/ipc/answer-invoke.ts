// The door of the main process. Nothing behind it runs before four questions are answered: is this a window of ours, is
// it the top frame at the application's own origin, may a window of this role ask this, and is the input shaped as the
// contract says. Whatever happens, the answer is data: a value, or an error of the catalogue.
import { Value } from 'typebox/value';
import type { TSchema } from 'typebox';
import type { WindowRole } from '#shared/ipc/channel.ts';
import { channels, type ChannelInput, type ChannelOutput, type Envelope } from '#shared/ipc/contract.ts';
import type { ChannelName } from '#shared/ipc/channel-names.ts';
import { OutpostError, toErrorData } from '#shared/kernel/errors.ts';

/** Who asks, as main knows it; never what the page says about itself. */
export interface Sender {
  readonly role: WindowRole | null;
  readonly url: string;
  readonly isTopFrame: boolean;
  /** Tells windows apart. */
  readonly page: number;
}

export type Handlers = {
  readonly [Name in ChannelName]: (
    input: ChannelInput<Name>,
    sender: Sender,
  ) => Promise<ChannelOutput<Name>> | ChannelOutput<Name>;
};

export interface Door {
  /** Answers one `invoke`; never throws. */
  answer(sender: Sender, name: unknown, input: unknown): Promise<Envelope<unknown>>;
}

interface DoorOptions {
  readonly handlers: Handlers;
  /** Origins the application itself is served from. */
  readonly allowedOrigins: readonly string[];
  /** Told of errors that are not of the catalogue, so that they reach the log. */
  readonly onInternalError: (name: string, error: unknown) => void;
}

function originOf(url: string): string | null {
  // `new URL('app://outpost/x').origin` is the text "null" in Node, so scheme and host are compared instead.
  try {
    const { protocol, host } = new URL(url);
    return `${protocol}//${host}`;
  } catch {
    return null;
  }
}

function refuse(message: string): OutpostError {
  return new OutpostError('action_forbidden', message);
}

export function createDoor(options: DoorOptions): Door {
  const allowedOrigins = new Set(options.allowedOrigins);

  function checkSender(sender: Sender, name: ChannelName): void {
    const origin = originOf(sender.url);
    if (origin === null || !allowedOrigins.has(origin)) throw refuse('Only pages of Outpost may ask.');
    if (!sender.isTopFrame) throw refuse('Only a window itself may ask, not a frame inside it.');
    if (sender.role === null || !channels[name].roles.includes(sender.role))
      throw refuse('This window may not ask that.');
  }

  function checkInput(name: ChannelName, input: unknown): void {
    const schema: TSchema = channels[name].input;
    if (!Value.Check(schema, input))
      throw new OutpostError('invalid', `The input of ${name} is not shaped as expected.`);
  }

  async function run(sender: Sender, name: ChannelName, input: unknown): Promise<unknown> {
    checkSender(sender, name);
    checkInput(name, input);
    const handler = options.handlers[name] as (input: unknown, sender: Sender) => unknown;
    return handler(input, sender);
  }

  return {
    async answer(sender, name, input) {
      try {
        if (typeof name !== 'string' || !Object.hasOwn(channels, name))
          throw new OutpostError('not_found', 'There is no such channel.');
        return { ok: true, value: await run(sender, name as ChannelName, input) };
      } catch (error) {
        if (!(error instanceof OutpostError)) options.onInternalError(String(name).slice(0, 64), error);
        return { ok: false, error: toErrorData(error) };
      }
    },
  };
}
