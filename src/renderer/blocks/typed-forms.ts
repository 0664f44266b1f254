// Which dialogs and forms of this window hold typed work that is nowhere else yet. Whatever would take one away without asking
// (a menu, a deep link, a notification, another section) looks here first and leaves it.
import { notifications } from '@mantine/notifications';
import { useCallback, useEffect, useId, useSyncExternalStore } from 'react';
import { useTranslation } from 'react-i18next';

const typedForms = new Set<string>();
const listeners = new Set<() => void>();

function keep(id: string, isTyped: boolean): void {
  if (isTyped) typedForms.add(id);
  else typedForms.delete(id);
  for (const listener of listeners) listener();
}

function listen(listener: () => void): () => void {
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
  };
}

/** Registers the dialog or form as long as it holds typed work. */
export function useTypedForm(isTyped: boolean): void {
  const id = useId();
  useEffect(() => {
    if (!isTyped) return;
    keep(id, true);
    return () => keep(id, false);
  }, [id, isTyped]);
}

export function hasTypedWork(): boolean {
  return typedForms.size > 0;
}

export function useHasTypedWork(): boolean {
  return useSyncExternalStore(listen, hasTypedWork);
}

/** True, and told to the person, while something typed is neither saved nor discarded. */
export function useTypedWorkGuard(): () => boolean {
  const { t } = useTranslation();
  return useCallback(() => {
    if (typedForms.size === 0) return false;
    notifications.show({
      id: 'typed-first',
      color: 'yellow',
      message: t('typed.first'),
      closeButtonProps: { 'aria-label': t('common.close') },
    });
    return true;
  }, [t]);
}
