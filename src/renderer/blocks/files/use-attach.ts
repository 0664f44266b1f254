import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { handOver } from '#renderer/blocks/files/file-content.ts';
import { useFileErrorText } from '#renderer/blocks/files/use-file-error-text.ts';
import { useCommand } from '#renderer/blocks/use-command.tsx';
import { getBridge, invokeMain } from '#renderer/data/bridge.ts';

interface Attaching {
  readonly name: string;
  readonly percent: number;
}

type Values = Readonly<Record<string, unknown>>;

/** Attaching is a command like any other, given once the content is safe on this computer. */
export function useAttach(): {
  readonly attaching: Attaching | null;
  readonly error: string | null;
  readonly setError: (text: string | null) => void;
  /** `values`: the record they belong to, and what else is known of them. */
  readonly attachAll: (files: readonly File[], values: Values) => Promise<void>;
} {
  const { t } = useTranslation();
  const run = useCommand();
  const errorText = useFileErrorText();
  const [attaching, setAttaching] = useState<Attaching | null>(null);
  const [error, setError] = useState<string | null>(null);

  async function attach(file: File, given: Values, isAlone: boolean): Promise<void> {
    setAttaching({ name: file.name, percent: 0 });
    const taken = await handOver(file, (share) => setAttaching({ name: file.name, percent: Math.floor(share * 100) }));
    const { id, ...values } = taken;
    const input = { entity: 'file', id, values: { ...values, ...given } };
    // Of several the list tells enough.
    const told = isAlone ? { done: t('files.attached', { name: taken.name }) } : {};
    const outcome = await run('createRecord', input, told);
    if (outcome === null) await invokeMain(getBridge(), 'files.discard', { id });
  }

  const attachAll = async (files: readonly File[], values: Values): Promise<void> => {
    setError(null);
    for (const file of files) {
      try {
        await attach(file, values, files.length === 1);
      } catch (failure) {
        setError(`${file.name}: ${errorText(failure)}`);
      }
    }
    setAttaching(null);
  };
  return { attaching, error, setError, attachAll };
}
