import { createCommands } from '#renderer/blocks/create-commands.ts';
import { useEffect, useRef } from 'react';

const GO: Readonly<Record<string, string>> = {
  h: 'go:/home',
  p: 'go:/pipeline',
  d: 'go:/deals',
  a: 'go:/accounts',
  c: 'go:/contacts',
  l: 'go:/leads',
  t: 'go:/tasks',
  i: 'go:/attention',
  n: 'go:/inbox',
  m: 'go:/mail',
};
const STEPS: Readonly<Record<string, string>> = { ArrowLeft: 'back', ArrowRight: 'forward' };
/** A second key counts as part of `g …` when it follows within this time. */
const KEYS: Readonly<Record<string, string>> = {
  '/': 'palette',
  '?': 'help',
  ...Object.fromEntries(createCommands.flatMap(([command, , key]) => (key === null ? [] : [[key, command]]))),
};
const SEQUENCE_MS = 1200;

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
  );
}

/** Keys that work on every screen: Ctrl/Cmd+K, `/`, `?`, `n` for a new deal, `l` to log what happened, `t` for a new task, `w` to write a mail, Alt with an arrow for back and forward, and
 * `g` followed by a letter. */
export function useShortcuts(onCommand: (command: string) => void, isEnabled: boolean): void {
  const goPressedAt = useRef(0);
  useEffect(() => {
    function onKeyDown(event: KeyboardEvent): void {
      if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'k') {
        event.preventDefault();
        onCommand('palette');
        return;
      }
      const step = event.altKey ? STEPS[event.key] : undefined;
      if (isEnabled && step !== undefined && !isTyping(event.target) && !event.ctrlKey && !event.metaKey) {
        event.preventDefault();
        onCommand(step);
        return;
      }
      if (!isEnabled || isTyping(event.target) || event.ctrlKey || event.metaKey || event.altKey) return;
      const command =
        performance.now() - goPressedAt.current < SEQUENCE_MS ? GO[event.key.toLowerCase()] : KEYS[event.key];
      goPressedAt.current = event.key.toLowerCase() === 'g' ? performance.now() : 0;
      if (command === undefined) return;
      event.preventDefault();
      onCommand(command);
    }
    window.addEventListener('keydown', onKeyDown);
    return () => window.removeEventListener('keydown', onKeyDown);
  }, [onCommand, isEnabled]);
}
