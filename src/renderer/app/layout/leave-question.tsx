// Before this window closes, or the application ends, over something typed that is not saved: the question whether it may go.
// Main holds the window as long as there is such work, and asks here.
import { useWindowEvent } from '@mantine/hooks';
import { useEffect, useState } from 'react';
import { DiscardQuestion } from '#renderer/blocks/discard-question.tsx';
import { useKeptPlace } from '#renderer/blocks/kept-text.ts';
import { useHasTypedWork } from '#renderer/blocks/typed-forms.ts';
import { getBridge, invokeMain } from '#renderer/data/bridge.ts';

export function LeaveQuestion() {
  const isInForm = useHasTypedWork();
  const keptPlace = useKeptPlace();
  const isTyped = isInForm || keptPlace !== null;
  const [isAsking, setAsking] = useState(false);
  // Saved meanwhile.
  if (isAsking && !isTyped) setAsking(false);
  useEffect(() => void invokeMain(getBridge(), 'window.noteTyped', { isTyped }), [isTyped]);
  useEffect(() => getBridge().on('typed.asked', () => setAsking(true)), []);
  // However it is closed. The browser's own question is never shown: main answers it.
  useWindowEvent('beforeunload', (event) => {
    if (isTyped) event.preventDefault();
  });

  function answer(discards: boolean): void {
    setAsking(false);
    void invokeMain(getBridge(), 'window.answerTyped', { discards });
    // A form is where it was; beside other things one may have gone on since.
    if (!discards && !isInForm && keptPlace !== null) window.location.hash = keptPlace;
  }

  return <DiscardQuestion isOpen={isAsking} onKeep={() => answer(false)} onDiscard={() => answer(true)} />;
}
