// Subject and content of a mail with places to be filled in: they are chosen from a list and go in where the cursor is; a
// name nobody fills in is named beside the field.
import { Button, Menu, SegmentedControl, Stack, Textarea, TextInput } from '@mantine/core';
import { IconBraces } from '@tabler/icons-react';
import { useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { mailVariables } from '#shared/mail/mail-variables.ts';
import { unknownVariables } from '#shared/mail/render-template.ts';
import classes from './campaigns.module.css';

export interface MailTexts {
  readonly subject: string;
  readonly body: string;
  readonly format: 'text' | 'html';
}

type Target = 'subject' | 'body';

export function MailContentFields(props: {
  readonly texts: MailTexts;
  /** Names that can be used here. */
  readonly variables: readonly string[];
  readonly onChange: (next: Partial<MailTexts>) => void;
}) {
  const { t } = useTranslation();
  const { texts, variables, onChange } = props;
  const subject = useRef<HTMLInputElement>(null);
  const body = useRef<HTMLTextAreaElement>(null);
  const last = useRef<Target>('body');

  function insert(name: string): void {
    const target = last.current;
    const element = target === 'subject' ? subject.current : body.current;
    const text = texts[target];
    const from = element?.selectionStart ?? text.length;
    const to = element?.selectionEnd ?? from;
    const place = `{${name}}`;
    onChange({ [target]: `${text.slice(0, from)}${place}${text.slice(to)}` });
    // The menu gives the focus back to its button first.
    setTimeout(() => {
      element?.focus();
      element?.setSelectionRange(from + place.length, from + place.length);
    }, 60);
  }

  return (
    <Stack gap="sm">
      <TextInput
        ref={subject}
        label={t('fields.campaign.subject')}
        withAsterisk
        maxLength={300}
        value={texts.subject}
        error={useUnknown(texts.subject, variables)}
        onFocus={() => {
          last.current = 'subject';
        }}
        onChange={(event) => onChange({ subject: event.currentTarget.value })}
      />
      <Textarea
        ref={body}
        label={t('fields.campaign.body')}
        withAsterisk
        autosize
        minRows={9}
        maxRows={24}
        maxLength={100_000}
        value={texts.body}
        error={useUnknown(texts.body, variables)}
        classNames={texts.format === 'html' ? { input: classes.code ?? '' } : {}}
        onFocus={() => {
          last.current = 'body';
        }}
        onChange={(event) => onChange({ body: event.currentTarget.value })}
      />
      <div className={classes.line}>
        <VariablesMenu variables={variables} onChoose={insert} />
        <span className={classes.grow} />
        <SegmentedControl
          size="xs"
          aria-label={t('fields.campaign.format')}
          value={texts.format}
          onChange={(format) => onChange({ format })}
          data={(['text', 'html'] as const).map((value) => ({ value, label: t(`options.campaign.format.${value}`) }))}
        />
      </div>
      <p className={classes.hint}>{t('campaigns.variables.hint')}</p>
    </Stack>
  );
}

/** What to say under a field with places nobody fills in. */
export function useUnknown(text: string, variables: readonly string[]): string | undefined {
  const { t } = useTranslation();
  const unknown = unknownVariables([text], variables);
  return unknown.length === 0
    ? undefined
    : t('campaigns.variables.unknown', {
        count: unknown.length,
        names: unknown.map((name) => `{${name}}`).join(', '),
      });
}

function VariablesMenu(props: { readonly variables: readonly string[]; readonly onChoose: (name: string) => void }) {
  const { t } = useTranslation();
  const known = mailVariables.filter(({ name }) => props.variables.includes(name));
  const sources = [...new Set(known.map(({ source }) => source))];
  return (
    <Menu position="bottom-start" width={280}>
      <Menu.Target>
        <Button size="xs" variant="default" leftSection={<IconBraces size={14} />}>
          {t('campaigns.variables.insert')}
        </Button>
      </Menu.Target>
      <Menu.Dropdown className={classes.menu ?? ''}>
        {sources.map((source) => [
          <Menu.Label key={source}>{t(`campaigns.variables.sources.${source}`)}</Menu.Label>,
          ...known
            .filter((variable) => variable.source === source)
            .map(({ name }) => (
              <Menu.Item key={name} onClick={() => props.onChoose(name)} rightSection={<code>{`{${name}}`}</code>}>
                {t(`campaigns.variables.names.${name}`)}
              </Menu.Item>
            )),
        ])}
      </Menu.Dropdown>
    </Menu>
  );
}
