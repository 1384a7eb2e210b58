"""Why a call ended, as exchanges say it: the causes of Q.850 with their names.

Source: ITU-T Q.850 §2.2.7; the Chinese names follow YD/T 1038
"""

from appliance.core.text import Text

CAUSE_TEXT: dict[int, Text] = {
    1: Text(en="Unallocated number", zh="空号（号码未分配）"),
    2: Text(en="No route to transit network", zh="无路由到指定的转接网"),
    3: Text(en="No route to destination", zh="无路由到目的地"),
    4: Text(en="Special information tone", zh="发送专用信息音"),
    5: Text(en="Misdialled trunk prefix", zh="误拨中继前缀"),
    6: Text(en="Channel unacceptable", zh="通路不可接受"),
    7: Text(en="Call awarded in an established channel", zh="呼叫已在建立的通路中给予"),
    8: Text(en="Preemption", zh="预占"),
    9: Text(en="Preemption, circuit reserved", zh="预占，电路保留再用"),
    14: Text(en="Ported number", zh="已携号转网"),
    16: Text(en="Normal call clearing", zh="正常拆线"),
    17: Text(en="User busy", zh="用户忙"),
    18: Text(en="No user responding", zh="用户未响应"),
    19: Text(en="No answer", zh="用户未应答"),
    20: Text(en="Subscriber absent", zh="用户缺席"),
    21: Text(en="Call rejected", zh="呼叫拒绝"),
    22: Text(en="Number changed", zh="号码改变"),
    23: Text(en="Redirection to new destination", zh="改发到新的目的地"),
    25: Text(en="Exchange routing error", zh="交换机路由错误"),
    26: Text(en="Non-selected user clearing", zh="清除未选择的用户"),
    27: Text(en="Destination out of order", zh="目的地不可达"),
    28: Text(en="Address incomplete", zh="无效的号码格式（地址不全）"),
    29: Text(en="Facility rejected", zh="性能被拒绝"),
    30: Text(en="Response to status enquiry", zh="对状态询问的响应"),
    31: Text(en="Normal, unspecified", zh="正常，未指定"),
    34: Text(en="No circuit available", zh="无电路或通路可用"),
    38: Text(en="Network out of order", zh="网络故障"),
    39: Text(en="Permanent frame connection out of service", zh="永久帧方式连接故障"),
    40: Text(en="Permanent frame connection operational", zh="永久帧方式连接正常"),
    41: Text(en="Temporary failure", zh="临时故障"),
    42: Text(en="Switching equipment congestion", zh="交换设备拥塞"),
    43: Text(en="Access information discarded", zh="接入信息被丢弃"),
    44: Text(en="Requested circuit not available", zh="请求的电路或通路不可用"),
    46: Text(en="Precedence call blocked", zh="优先呼叫受阻"),
    47: Text(en="Resource unavailable", zh="资源不可用"),
    49: Text(en="Quality of service not available", zh="服务质量不可用"),
    50: Text(en="Facility not subscribed", zh="未预订所请求的性能"),
    53: Text(en="Outgoing calls barred in the group", zh="闭合用户群内限制呼出"),
    55: Text(en="Incoming calls barred in the group", zh="闭合用户群内限制呼入"),
    57: Text(en="Bearer capability not authorised", zh="承载能力未被授权"),
    58: Text(en="Bearer capability not available now", zh="承载能力目前不可用"),
    62: Text(en="Inconsistent access information", zh="接入信息不一致"),
    63: Text(en="Service not available", zh="业务或任选不可用"),
    65: Text(en="Bearer capability not implemented", zh="承载能力未实现"),
    66: Text(en="Channel type not implemented", zh="通路类型未实现"),
    69: Text(en="Facility not implemented", zh="所请求的性能未实现"),
    70: Text(en="Only restricted digital available", zh="仅能提供受限数字信息"),
    79: Text(en="Service not implemented", zh="业务或任选未实现"),
    81: Text(en="Invalid call reference", zh="无效的呼叫参考"),
    82: Text(en="Channel does not exist", zh="所标识的通路不存在"),
    83: Text(en="Suspended call has another identity", zh="暂停的呼叫标识不符"),
    84: Text(en="Call identity in use", zh="呼叫标识正在使用"),
    85: Text(en="No call suspended", zh="无呼叫被暂停"),
    86: Text(en="Call with this identity was cleared", zh="该标识的呼叫已被清除"),
    87: Text(en="User not member of the group", zh="用户不是闭合用户群成员"),
    88: Text(en="Incompatible destination", zh="目的地不兼容"),
    90: Text(en="Group does not exist", zh="闭合用户群不存在"),
    91: Text(en="Invalid transit network", zh="无效的转接网选择"),
    95: Text(en="Invalid message", zh="无效消息"),
    96: Text(en="Mandatory element missing", zh="缺少必备信息单元"),
    97: Text(en="Message type not implemented", zh="消息类型未实现"),
    98: Text(en="Message not compatible with call state", zh="消息与呼叫状态不符"),
    99: Text(en="Element not implemented", zh="信息单元未实现"),
    100: Text(en="Invalid element contents", zh="信息单元内容无效"),
    101: Text(en="Message not compatible with call state", zh="消息与呼叫状态不兼容"),
    102: Text(en="Recovery on timer expiry", zh="定时器超时后恢复"),
    103: Text(en="Parameter passed on", zh="参数未实现，已传递"),
    110: Text(en="Message discarded", zh="消息被丢弃"),
    111: Text(en="Protocol error", zh="协议错误"),
    127: Text(en="Interworking, unspecified", zh="互通，未指定"),
}

_OTHER = Text(en="Cause {cause}", zh="原因值 {cause}")
_CLASSES: dict[int, int] = {0: 31, 1: 31, 2: 47, 3: 63, 4: 79, 5: 95, 6: 111, 7: 127}


def text(cause: int) -> Text:
    """The name of a cause, or of its class when the standard names it no closer."""
    found = CAUSE_TEXT.get(cause) or CAUSE_TEXT.get(_CLASSES.get(cause >> 4, 0))
    return found if found is not None and cause else _OTHER


def is_normal(cause: int) -> bool:
    """Whether nothing was wrong: the call ended, or nobody took it.

    Source: ITU-T Q.850 §2.2.7.1 (class of normal events)
    """
    return cause in (16, 17, 18, 19, 20, 21, 31)
