import { modelKeyLimits } from "@threadbox/contracts/model-key-limits";
import type { AddModelKey, ModelKeyKind } from "@threadbox/contracts/model-keys";
import { Choice } from "@threadbox/ui/choice";
import { useState } from "react";
import { TextEntry } from "../../lib/field.tsx";
import { KeyDialog } from "./key-dialog.tsx";
import type { Act } from "./model-keys-api.ts";
import { modelKeyTexts as texts } from "./texts.ts";
import { textOf, ValueField } from "./value-field.tsx";

const kinds: readonly ModelKeyKind[] = ["openai", "anthropic", "compatible"];

const wishIn = (fields: FormData, kind: ModelKeyKind): AddModelKey => {
  const value = textOf(fields, "value");
  const wish = { kind, name: textOf(fields, "name") || texts.kinds[kind], value };
  if (kind !== "compatible") return wish;
  const named = textOf(fields, "models").split(",");
  const models = named.map((model) => model.trim()).filter(Boolean);
  return { ...wish, address: textOf(fields, "address"), models };
};

interface AddKeyProps {
  readonly isOpen: boolean;
  readonly onClose: () => void;
  readonly act: Act;
}

/** Asks for a new key, which its provider must take before it is kept. */
export function AddKey({ isOpen, onClose, act }: AddKeyProps) {
  const [kind, setKind] = useState<ModelKeyKind>("openai");
  return (
    <KeyDialog
      isOpen={isOpen}
      onClose={onClose}
      title={texts.addTitle}
      description={texts.addText}
      verb={texts.testAndAdd}
      onSubmit={(fields) => act((api) => api.add(wishIn(fields, kind)))}
    >
      <Choice
        label={texts.kind}
        isLabelShown
        options={kinds.map((option) => ({ value: option, label: texts.kinds[option] }))}
        chosen={kind}
        onChoose={setKind}
      />
      {kind === "compatible" ? (
        <TextEntry
          label={texts.address}
          hint={texts.addressHint}
          name="address"
          inputMode="url"
          maxLength={modelKeyLimits.addressLengthMax}
          required
        />
      ) : null}
      <ValueField />
      <TextEntry
        label={texts.name}
        hint={texts.nameHint}
        name="name"
        placeholder={texts.kinds[kind]}
        maxLength={modelKeyLimits.nameLengthMax}
      />
      {kind === "compatible" ? <TextEntry label={texts.models} hint={texts.modelsHint} name="models" /> : null}
    </KeyDialog>
  );
}
