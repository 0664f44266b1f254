// Gives every screen of a window the way to write a mail, and shows what is written.
import { lazy, Suspense, useMemo, useState, type ReactNode } from 'react';
import type { Composing } from '#renderer/blocks/mail/draft-for.ts';
import { useMailbox } from '#renderer/blocks/mail/use-mailbox.ts';
import { LetterContext } from '#renderer/blocks/mail/write-letter.ts';
import { recordTitle } from '#renderer/blocks/record-title.ts';
import type { LocalRecord } from '#renderer/data/data-contract.ts';
import { useLive } from '#renderer/data/use-data.ts';
import { textOf } from '#shared/kernel/text-of.ts';
import type { MailAccountState, MailAddress } from '#shared/mail/mail-types.ts';

// They bring calendars and drafting along: loaded when the first letter is written, not at start.
const ComposeDialog = lazy(async () => ({
  default: (await import('#renderer/blocks/mail/compose-dialog.tsx')).ComposeDialog,
}));
const CopyLetterDialog = lazy(async () => ({
  default: (await import('#renderer/blocks/mail/copy-letter-dialog.tsx')).CopyLetterDialog,
}));

export function LetterProvider(props: { readonly children: ReactNode }) {
  const [letter, setLetter] = useState<{ readonly composing: Composing; readonly number: number } | null>(null);
  const { state } = useMailbox();
  const hasMailbox = state !== null && state.accounts.length > 0;
  const writer = useMemo(
    () => ({
      write: (composing: Composing): void => setLetter((before) => ({ composing, number: (before?.number ?? 0) + 1 })),
      hasMailbox,
    }),
    [hasMailbox],
  );
  return (
    <LetterContext value={writer}>
      {props.children}
      {letter === null || state === null ? null : (
        <Suspense>
          <Letter
            key={letter.number}
            composing={letter.composing}
            accounts={state.accounts}
            onClose={() => setLetter(null)}
          />
        </Suspense>
      )}
    </LetterContext>
  );
}

interface LetterProps {
  readonly composing: Composing;
  readonly accounts: readonly MailAccountState[];
  readonly onClose: () => void;
}

function Letter({ composing, accounts, onClose }: LetterProps) {
  const about = composing.kind === 'new' && composing.to === undefined ? composing.about : undefined;
  const to = useAddressOf(about);
  // With what a letter begins is decided when it opens.
  if (!to.isKnown) return null;
  const begun = about === undefined || to.address === undefined ? composing : { ...composing, to: to.address };
  if (accounts.length === 0)
    return (
      <CopyLetterDialog
        record={composing.kind === 'new' ? (composing.about ?? null) : null}
        to={begun.kind === 'new' ? begun.to : undefined}
        onClose={onClose}
      />
    );
  return <ComposeDialog composing={begun} accounts={accounts} onClose={onClose} />;
}

function addressIn(record: LocalRecord | null | undefined): MailAddress | undefined {
  const address = typeof record?.['email'] === 'string' ? textOf(record['email']).trim() : '';
  return address.includes('@') && record !== null && record !== undefined
    ? { name: recordTitle(record), address }
    : undefined;
}

/** Whom a mail about this record goes to: the person it is, or the one it names. */
function useAddressOf(about: { readonly entity: LocalRecord['kind']; readonly id: string } | undefined): {
  readonly isKnown: boolean;
  readonly address?: MailAddress | undefined;
} {
  const own = useLive('record', about ?? null);
  const contactId = about?.entity === 'deal' ? textOf(own.data?.record?.['primaryContactId']) : '';
  const named = useLive('record', contactId === '' ? null : { entity: 'contact', id: contactId });
  if (about === undefined) return { isKnown: true };
  const isKnown = own.isCurrent && (contactId === '' || named.isCurrent);
  return { isKnown, address: addressIn(about.entity === 'deal' ? named.data?.record : own.data?.record) };
}
