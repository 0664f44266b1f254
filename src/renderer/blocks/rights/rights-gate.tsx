// Before a change of rights is saved: who gains and loses what by it. Whoever changes roles, teams, territories or field rules
// asks the gate first and saves when it agrees; a change that changes nobody's rights passes without a question.
import { createContext, useCallback, useContext, useState, type ReactNode } from 'react';
import { useAppSelector } from '#renderer/app/store/store.ts';
import { RightsDialog } from '#renderer/blocks/rights/rights-dialog.tsx';
import { useRequest } from '#renderer/data/use-data.ts';
import { isUnrestrictedRole } from '#shared/access/governed-fields.ts';
import type { RightsPreview } from '#shared/access/preview-rights.ts';
import type { RightsChange } from '#shared/access/rights-world.ts';

/** True when the change shall be saved. */
export type AskRights = (changes: readonly RightsChange[]) => Promise<boolean>;

const GateContext = createContext<AskRights>(() => Promise.resolve(true));

interface Question {
  readonly preview: RightsPreview;
  readonly decide: (isWanted: boolean) => void;
}

export function RightsGate(props: { readonly children: ReactNode }) {
  const request = useRequest();
  const role = useAppSelector(({ device }) =>
    device.session?.status === 'signedIn' ? device.session.actor.role : null,
  );
  const [question, setQuestion] = useState<Question | null>(null);

  const ask = useCallback<AskRights>(
    async (changes) => {
      // Whoever does not hold the rules cannot be told; the server judges as ever.
      if (role === null || !isUnrestrictedRole(role)) return true;
      const preview = await request('previewRights', { changes });
      if (preview.people.length === 0) return true;
      return new Promise((decide) => setQuestion({ preview, decide }));
    },
    [request, role],
  );

  function decide(isWanted: boolean): void {
    question?.decide(isWanted);
    setQuestion(null);
  }

  return (
    <GateContext value={ask}>
      {props.children}
      {question === null ? null : <RightsDialog preview={question.preview} onDecide={decide} />}
    </GateContext>
  );
}

export function useRightsGate(): AskRights {
  return useContext(GateContext);
}
