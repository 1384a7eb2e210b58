"""Words of the menu, of the pages about the box itself, and of the history of settings, in both languages."""

from appliance.core.text import Text

RUN_WORDS: dict[str, Text] = {
    "menu.run": Text(en="Run information", zh="运行信息"),
    "menu.recordings": Text(en="Recordings", zh="录音管理"),
    "menu.people": Text(en="People and rights", zh="权限管理"),
    "menu.system": Text(en="System", zh="系统管理"),
}
