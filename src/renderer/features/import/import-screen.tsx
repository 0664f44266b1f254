// The import wizard: file, columns, check, run. Nothing is written before the last step, and all of it can be undone
// with one click. It works the same without a network.
import { Stepper } from '@mantine/core';
import { IconLock } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useDefinitions } from '#renderer/app/store/definitions.ts';
import { useParams } from 'react-router';
import { useFieldModes, type FieldModes } from '#renderer/blocks/use-field-modes.ts';
import { useCan } from '#renderer/blocks/use-can.ts';
import { CheckStep } from '#renderer/features/import/check-step.tsx';
import { ColumnsStep, importable } from '#renderer/features/import/columns-step.tsx';
import { FileStep } from '#renderer/features/import/file-step.tsx';
import { PastImports } from '#renderer/features/import/past-imports.tsx';
import type { ReadFile } from '#renderer/features/import/read-table-file.ts';
import { RunStep } from '#renderer/features/import/run-step.tsx';
import { EmptyState } from '#renderer/ui/empty-state.tsx';
import { Page } from '#renderer/ui/page.tsx';
import { entities } from '#shared/entities/registry.ts';
import { guessEntity, guessMapping } from '#shared/import/guess-mapping.ts';
import type { ImportPlan } from '#shared/import/import-plan.ts';
import type { EntityDefinition } from '#shared/entities/define-entity.ts';

/** The first filled one of these says whether a record exists already. */
const matchFields: readonly string[] = ['externalId', 'email', 'name'];

function planFor(file: ReadFile, definition: EntityDefinition, modes: FieldModes): ImportPlan {
  const entity = definition.name;
  const fields = Object.entries(definition.fields).filter(([field]) => modes.isKnown(definition, field));
  const columns = guessMapping({ ...definition, fields: Object.fromEntries(fields) }, file.table);
  const mapped = new Set(columns.map((column) => column.field));
  // A deal is known by its number in the other system; names of deals repeat.
  const matchBy = matchFields.filter((field) => mapped.has(field) && (entity !== 'deal' || field === 'externalId'));
  return { entity, columns, currency: 'EUR', matchBy: matchBy.slice(0, 1), onMatch: 'update' };
}

export function ImportScreen() {
  const { t } = useTranslation();
  const mayImport = useCan()('create', entities.importJob);
  const modes = useFieldModes();
  const definitions = useDefinitions();
  const { entity: wished } = useParams();
  const preferred = importable.find((name) => name === wished);
  const [step, setStep] = useState(0);
  const [file, setFile] = useState<ReadFile | null>(null);
  const [plan, setPlan] = useState<ImportPlan | null>(null);
  const [importId, setImportId] = useState<string | null>(null);

  function restart(): void {
    setStep(0);
    setFile(null);
    setPlan(null);
    setImportId(null);
  }

  if (!mayImport)
    return (
      <EmptyState icon={<IconLock size={32} stroke={1.4} />} title={t('import.title')} text={t('import.notAllowed')} />
    );
  return (
    <Page title={t('import.title')} subtitle={t('import.subtitle')}>
      <Stepper
        active={step}
        size="xs"
        mb="lg"
        maw={760}
        allowNextStepsSelect={false}
        onStepClick={(next) => (importId === null ? setStep(next) : undefined)}
      >
        {['file', 'columns', 'check', 'run'].map((key) => (
          <Stepper.Step key={key} label={t(`import.steps.${key}`)} />
        ))}
      </Stepper>
      {step === 0 ? (
        <>
          <FileStep
            onFile={(read) => {
              setFile(read);
              setPlan(planFor(read, definitions[preferred ?? guessEntity(definitions, read.table)], modes));
              setStep(1);
            }}
          />
          <PastImports />
        </>
      ) : null}
      {step === 1 && file !== null && plan !== null ? (
        <ColumnsStep
          file={file}
          plan={plan}
          onPlan={setPlan}
          onEntity={(entity) => setPlan(planFor(file, definitions[entity], modes))}
          onBack={restart}
          onNext={() => setStep(2)}
        />
      ) : null}
      {step === 2 && file !== null && plan !== null ? (
        <CheckStep
          file={file}
          plan={plan}
          onPlan={setPlan}
          onBack={() => setStep(1)}
          onStarted={(id) => {
            setImportId(id);
            setStep(3);
          }}
        />
      ) : null}
      {step === 3 && importId !== null ? <RunStep importId={importId} onAgain={restart} /> : null}
    </Page>
  );
}
