"""Every sentence the pages need, as one flat map: what the house says of its own things, and the pages' own words."""

from collections.abc import Mapping
from typing import TypeVar

from appliance.core.errors import ApplianceError
from appliance.core.text import Language, Text
from appliance.domain.call import CALL_STATE_TEXT, DATA_TYPE_TEXT, DIRECTION_TEXT
from appliance.domain.commissioning import CHECK_TEXT, STANDING_TEXT
from appliance.domain.condition import CONDITIONS
from appliance.domain.control import CONTROL_STATE_TEXT, VERB_TEXT
from appliance.domain.interaction import RELATION_TEXT
from appliance.domain.ledger import MARK_TEXT, REASON_TEXT
from appliance.domain.operation import KIND_TEXT, MODULE_TEXT, RESULT_TEXT
from appliance.domain.policy import ACTION_TEXT
from appliance.domain.quality import PROOF_TEXT
from appliance.domain.quality import VERDICT_TEXT as FAULT_TEXT
from appliance.domain.roles import PERMISSION_TEXT, ROLE_TEXT
from appliance.settings.archive import FORMAT_TEXT
from appliance.settings.form import labels
from appliance.settings.units import UNIT_TEXT
from appliance.store.enquiry import VERDICT_TEXT
from appliance.store.wanted import CALL_TYPE_TEXT
from webadmin.alarm_words import ALARM_WORDS
from webadmin.board_words import BOARD_WORDS
from webadmin.box_words import BOX_WORDS
from webadmin.deeds import OPERATION_TEXT
from webadmin.directory_words import DIRECTORY_WORDS
from webadmin.frame_words import FRAME_WORDS
from webadmin.guide_words import GUIDE_WORDS
from webadmin.rule_words import RULE_WORDS
from webadmin.run_words import RUN_WORDS
from webadmin.settings_words import SETTINGS_WORDS
from webadmin.sign_in_words import SIGN_IN_WORDS
from webadmin.storage_words import STORAGE_WORDS
from webadmin.update_words import UPDATE_WORDS
from webadmin.words import PAGE_WORDS
from webadmin.work_words import WORK_WORDS

Key = TypeVar("Key", bound=str)


def _of(prefix: str, table: Mapping[Key, Text]) -> dict[str, Text]:
    return {f"{prefix}.{key}": text for key, text in table.items()}


def _errors(family: type[ApplianceError]) -> dict[str, Text]:
    # A family without a sentence of its own only carries what another program said.
    found = {f"error.{family().code}": family.text} if "text" in vars(family) else {}
    for kind in family.__subclasses__():
        found.update(_errors(kind))
    return found


def all_texts() -> dict[str, Text]:
    """Dotted key -> text."""
    return {
        **_of("call_state", CALL_STATE_TEXT),
        **_of("direction", DIRECTION_TEXT),
        **_of("reason", REASON_TEXT),
        **_of("mark", MARK_TEXT),
        **_of("call_type", CALL_TYPE_TEXT),
        **_of("data_type", DATA_TYPE_TEXT),
        **_of("relation", RELATION_TEXT),
        **_of("format", FORMAT_TEXT),
        **_of("role", ROLE_TEXT),
        **_of("permission", PERMISSION_TEXT),
        **_of("verdict", VERDICT_TEXT),
        **_of("action", ACTION_TEXT),
        **_of("verb", VERB_TEXT),
        **_of("module", MODULE_TEXT),
        **_of("kind", KIND_TEXT),
        **_of("result", RESULT_TEXT),
        **{f"operation.{name.replace('.', ':')}": text for name, text in OPERATION_TEXT.items()},
        **_of("control_state", CONTROL_STATE_TEXT),
        **_of("standing", STANDING_TEXT),
        **_of("check", CHECK_TEXT),
        **_of("fault", FAULT_TEXT),
        **_of("proof", PROOF_TEXT),
        **{f"condition.{code}.title": kind.title for code, kind in CONDITIONS.items()},
        **{f"condition.{code}.remedy": kind.remedy for code, kind in CONDITIONS.items()},
        **_of("settings", labels()),
        **_of("unit", UNIT_TEXT),
        **_errors(ApplianceError),
        **ALARM_WORDS,
        **BOX_WORDS,
        **PAGE_WORDS,
        **STORAGE_WORDS,
        **UPDATE_WORDS,
        **DIRECTORY_WORDS,
        **GUIDE_WORDS,
        **RULE_WORDS,
        **FRAME_WORDS,
        **BOARD_WORDS,
        **RUN_WORDS,
        **SETTINGS_WORDS,
        **SIGN_IN_WORDS,
        **WORK_WORDS,
    }


def in_language(language: Language) -> dict[str, str]:
    """Dotted key -> sentence, its placeholders in braces left for the page to fill in."""
    return {key: text.zh if language == "zh" else text.en for key, text in sorted(all_texts().items())}
