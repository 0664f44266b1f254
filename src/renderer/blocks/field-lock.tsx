// The lock beside a field that is masked or may not be changed. It answers "why?" in plain words: which role, which rule,
// who can change it. An administrator who looks as a role reads the whole reasoning; whoever may reveal values can.
import { Button, Popover, UnstyledButton } from '@mantine/core';
import { IconHelpCircle, IconLock } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNames } from '#renderer/app/i18n/use-names.ts';
import { useAppSelector } from '#renderer/app/store/store.ts';
import { FieldReasoning } from '#renderer/blocks/field-reasoning.tsx';
import { useErrorText } from '#renderer/blocks/use-error-text.ts';
import { useFieldModes } from '#renderer/blocks/use-field-modes.ts';
import { useRoleName } from '#renderer/blocks/use-role-name.ts';
import { getBridge, invokeMain } from '#renderer/data/bridge.ts';
import type { AnyRecord, EntityDefinition } from '#shared/entities/define-entity.ts';
import classes from './field-lock.module.css';

export function FieldLock(props: {
  readonly definition: EntityDefinition;
  readonly record: AnyRecord;
  readonly field: string;
}) {
  const { t } = useTranslation();
  const names = useNames();
  const roleName = useRoleName();
  const { definition, field } = props;
  const mode = useFieldModes().modeOf(definition, field);
  const actor = useAppSelector((state) =>
    state.device.session?.status === 'signedIn' ? state.device.session.actor : null,
  );
  const isViewing = useAppSelector((state) => state.device.viewAs !== null);
  if (actor === null || (mode !== 'mask' && mode !== 'view')) return null;
  const label = names.field(definition, field);
  const Icon = mode === 'mask' ? IconHelpCircle : IconLock;
  const words = { field: label, entities: names.entities(definition), role: roleName(actor) };
  return (
    <Popover position="bottom-start" shadow="md" width={320} trapFocus returnFocus>
      <Popover.Target>
        <UnstyledButton className={classes.lock} aria-label={t(`fieldLock.${mode}.why`, words)} data-lock={mode}>
          <Icon size={13} aria-hidden />
        </UnstyledButton>
      </Popover.Target>
      <Popover.Dropdown>
        <p className={classes.text}>{t(`fieldLock.${mode}.text`, words)}</p>
        <p className={classes.text}>
          <span className="op-muted">{t('fieldLock.who')}</span>
        </p>
        {isViewing ? <FieldReasoning role={actor.role} entity={definition.name} field={field} /> : null}
        {mode === 'mask' && !isViewing && actor.permissions.includes('data.unmask') ? (
          <Reveal entity={definition.name} id={props.record.id} field={field} />
        ) : null}
      </Popover.Dropdown>
    </Popover>
  );
}

/** Asks the server for the one value; it is shown here and kept nowhere. */
function Reveal(props: { readonly entity: string; readonly id: string; readonly field: string }) {
  const { t } = useTranslation();
  const errorText = useErrorText();
  const [shown, setShown] = useState<{ readonly text: string; readonly isError: boolean } | null>(null);
  async function reveal(): Promise<void> {
    try {
      const { value } = await invokeMain(getBridge(), 'fields.reveal', { ...props });
      setShown({ text: typeof value === 'string' ? value : JSON.stringify(value), isError: false });
    } catch (error) {
      setShown({ text: errorText(error), isError: true });
    }
  }
  return (
    <div className={classes.reveal} role="status">
      {shown === null ? (
        <Button size="compact-xs" variant="default" onClick={() => void reveal()}>
          {t('fieldLock.reveal')}
        </Button>
      ) : (
        <span data-selectable data-error={shown.isError || undefined}>
          {shown.text}
        </span>
      )}
      <span className="op-muted">{t('fieldLock.revealNote')}</span>
    </div>
  );
}
