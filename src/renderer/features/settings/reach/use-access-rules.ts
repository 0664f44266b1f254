// What the organization decided about how it is reached, and saving a changed part of it. What somebody else changed meanwhile in
// other parts stays: the rules are read again before they are written.
import { useCallback, useState } from 'react';
import { useErrorText } from '#renderer/blocks/use-error-text.ts';
import { useServerRead, type ReadProblem } from '#renderer/blocks/use-server-read.ts';
import { getBridge, invokeMain } from '#renderer/data/bridge.ts';
import { OutpostError } from '#shared/kernel/errors.ts';
import type { AccessRules, AccessRulesState } from '#shared/sync/access-messages.ts';

export interface SavedRules {
  readonly error: string | null;
  /** The server warned that the own address would be shut out. */
  readonly isLockOut: boolean;
}

export interface AccessRulesBook {
  readonly state: AccessRulesState | null;
  readonly problem: ReadProblem | null;
  readonly save: (part: Partial<AccessRules>, isLockOutMeant?: boolean) => Promise<SavedRules>;
}

function isLockOutWarning(failure: unknown): boolean {
  const problems = failure instanceof OutpostError ? failure.details['problems'] : undefined;
  return Array.isArray(problems) && problems.includes('addresses:locksYouOut');
}

export function useAccessRules(): AccessRulesBook {
  const errorText = useErrorText();
  const [state, setState] = useState<AccessRulesState | null>(null);
  const read = useCallback(() => invokeMain(getBridge(), 'access.rules', {}).then(setState), []);
  const { problem } = useServerRead(read, state !== null);

  async function save(part: Partial<AccessRules>, isLockOutMeant = false): Promise<SavedRules> {
    try {
      const { rules } = await invokeMain(getBridge(), 'access.rules', {});
      setState(await invokeMain(getBridge(), 'access.change', { rules: { ...rules, ...part }, isLockOutMeant }));
      return { error: null, isLockOut: false };
    } catch (failure) {
      const isLockOut = isLockOutWarning(failure);
      return { error: isLockOut ? null : errorText(failure), isLockOut };
    }
  }
  return { state, problem, save };
}
