"""What only the pages of contacts and extensions say."""

from appliance.core.text import Text
from appliance.store.directory import LINE_KIND_TEXT

DIRECTORY_WORDS: dict[str, Text] = {
    **{f"line_kind.{kind.value}": text for kind, text in LINE_KIND_TEXT.items()},
    "directory.company": Text(en="Company", zh="单位"),
    "directory.department": Text(en="Department", zh="部门"),
    "directory.department.any": Text(en="Every department", zh="全部部门"),
    "directory.department.none": Text(en="No department", zh="无部门"),
    "directory.kind": Text(en="Type", zh="类型"),
    "directory.note": Text(en="Note", zh="备注"),
    "contacts.title": Text(en="Contacts", zh="通讯录"),
    "contacts.intro": Text(
        en="Whose number it is. The names stand beside all calls, old ones too; extensions are changed here and under"
        " “Extensions”.",
        zh="号码归属信息，会显示在所有通话（包括历史通话）中；分机可在此处或“分机”页面修改。",
    ),
    "contacts.add": Text(en="Add contact", zh="添加联系人"),
    "contacts.add.title": Text(en="Add a contact", zh="添加联系人"),
    "contacts.edit.title": Text(en="Change the contact", zh="编辑联系人"),
    "contacts.search": Text(en="Number, name, company or note", zh="号码、姓名、单位或备注"),
    "contacts.which": Text(en="Which numbers", zh="号码范围"),
    "contacts.which.contacts": Text(en="Contacts", zh="联系人"),
    "contacts.which.extensions": Text(en="Extensions", zh="分机"),
    "contacts.extension": Text(en="Extension", zh="分机"),
    "contacts.empty": Text(en="The directory is empty", zh="通讯录为空"),
    "contacts.empty.hint": Text(
        en="Add contacts one by one, or import a table.", zh="可逐个添加联系人，或导入表格。"
    ),
    "contacts.no_match": Text(en="No contact matches", zh="没有符合条件的联系人"),
    "contacts.total": Text(en="Numbers: {total}", zh="共 {total} 个号码"),
    "contacts.remove": Text(en="Delete {count}", zh="删除 {count} 项"),
    "contacts.remove.sure": Text(
        en="Delete contacts: {count} ({numbers})? Calls of these numbers lose the names.",
        zh="确定删除 {count} 个联系人（{numbers}）吗？相关通话将不再显示姓名。",
    ),
    "contacts.removed": Text(en="Deleted: {count}.", zh="已删除 {count} 个联系人。"),
    "contacts.undo": Text(en="Undo", zh="撤销"),
    "contacts.import": Text(en="Import", zh="导入"),
    "contacts.import.help": Text(
        en="A CSV or XLSX table with the columns number, name, company, department and note. Departments by path, as in"
        " Company / Sales. An empty cell leaves what is known. You see what would change before anything does.",
        zh="支持 CSV 或 XLSX 表格，列为号码、姓名、单位、部门、备注。部门填写路径，例如“公司 / 销售部”；空单元格保留原有内容。"
        "导入前可预览将发生的变更。",
    ),
    "contacts.export.xlsx": Text(en="Export Excel", zh="导出 Excel"),
    "contacts.export.csv": Text(en="Export CSV", zh="导出 CSV"),
    "contacts.fixed": Text(
        en="The number of an extension is changed under “Extensions”.", zh="分机号码请在“分机”页面修改。"
    ),
}
