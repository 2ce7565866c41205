"""What mail servers write when a letter cannot be delivered, as Postfix and Exchange word it."""

from core.delivery import message_of
from core.models import Letter

POSTFIX = """\
Return-Path: <>
Received: by mx.tinh.example (Postfix) id 4Xyz1; Tue, 16 Dec 2025 09:10:12 +0700 (+07)
Date: Tue, 16 Dec 2025 09:10:12 +0700 (+07)
From: MAILER-DAEMON@mx.tinh.example (Mail Delivery System)
Subject: {subject}
To: thidua@sonoivu.example
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status;
\tboundary="4Xyz0.1765851012/mx.tinh.example"
Content-Transfer-Encoding: 8bit
Message-Id: <20251216021012.4Xyz1@mx.tinh.example>

This is a MIME-encapsulated message.

--4Xyz0.1765851012/mx.tinh.example
Content-Description: Notification
Content-Type: text/plain; charset=utf-8
Content-Transfer-Encoding: 8bit

This is the mail system at host mx.tinh.example.

{notice}

                   The mail system

{answer}

--4Xyz0.1765851012/mx.tinh.example
Content-Description: Delivery report
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.tinh.example
X-Postfix-Queue-ID: 4Xyz0
X-Postfix-Sender: rfc822; thidua@sonoivu.example
Arrival-Date: Tue, 16 Dec 2025 09:10:11 +0700 (+07)

Final-Recipient: rfc822; {address}
Original-Recipient: rfc822;{address}
Action: {action}
Status: {status}
Remote-MTA: dns; mail.snv.example
Diagnostic-Code: smtp; {answer}{more}

--4Xyz0.1765851012/mx.tinh.example
Content-Description: {returned}
Content-Type: {kind}
Content-Transfer-Encoding: 8bit

Return-Path: <thidua@sonoivu.example>
Received: from portal (portal [10.0.0.5])
\tby mx.tinh.example (Postfix) with ESMTPS id 4Xyz0
\tfor <{address}>; Tue, 16 Dec 2025 09:10:11 +0700 (+07)
{letter}
--4Xyz0.1765851012/mx.tinh.example--
"""
GONE = "550 5.1.1 <{address}>: Recipient address\n    rejected: User unknown in virtual mailbox table"

EXCHANGE = """\
From: Microsoft Outlook
\t<MicrosoftExchange329e71ec88ae4615bbc36ab6ce41109e@snv.example>
To: <thidua@sonoivu.example>
Date: Tue, 16 Dec 2025 02:10:14 +0000
Content-Type: multipart/report; report-type=delivery-status;
\tboundary="_000_8d7c_MBX01snvexample_"
Content-Language: en-US
Message-ID: <70f2c9a3-1d1a-4a6b-9d62-ab@MBX01.snv.example>
In-Reply-To: {message_id}
References: {message_id}
Thread-Topic: {thread}
Subject: Undeliverable: {thread}
Auto-Submitted: auto-replied
MIME-Version: 1.0

--_000_8d7c_MBX01snvexample_
Content-Type: multipart/alternative; differences=Content-Type;
\tboundary="_001_8d7c_MBX01snvexample_"

--_001_8d7c_MBX01snvexample_
Content-Type: text/plain; charset="us-ascii"
Content-Transfer-Encoding: quoted-printable

Delivery has failed to these recipients or groups:

{address}<mailto:{address}>
The email address you entered couldn't be found. Please check the recipient=
's email address and try to resend the message.

--_001_8d7c_MBX01snvexample_
Content-Type: text/html; charset="us-ascii"
Content-Transfer-Encoding: quoted-printable

<html><body><p>Delivery has failed to these recipients or groups:</p></body></html>

--_001_8d7c_MBX01snvexample_--

--_000_8d7c_MBX01snvexample_
Content-Type: message/delivery-status

Reporting-MTA: dns;MBX01.snv.example
Received-From-MTA: dns;mx.tinh.example
Arrival-Date: Tue, 16 Dec 2025 02:10:13 +0000

Original-Recipient: rfc822;{address}
Final-Recipient: rfc822;{address}
Action: failed
Status: 5.1.10
Diagnostic-Code: smtp;550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found by SMTP address lookup
X-Display-Name: {address}

--_000_8d7c_MBX01snvexample_
Content-Type: {kind}

Received: from MBX01.snv.example (10.1.0.7) by MBX01.snv.example (10.1.0.7)
 with Microsoft SMTP Server (version=TLS1_2) id 15.2.1258.34; Tue, 16 Dec 2025 09:10:13 +0700
{letter}
--_000_8d7c_MBX01snvexample_--
"""


def copy_of(letter: Letter, **changed: str) -> str:
    """The letter as it left."""
    sent = message_of(letter).message()
    for name, value in changed.items():
        sent.replace_header(name, value)
    return sent.as_bytes().decode()


def postfix_bounce(letter: Letter, *, headers_only: bool = False, **changed: str) -> bytes:
    return _postfix(
        letter,
        subject="Undelivered Mail Returned to Sender",
        notice="I'm sorry to have to inform you that your message could not\nbe delivered to one or more recipients.",
        action="failed",
        status="5.1.1",
        answer=GONE.format(address=letter.address),
        headers_only=headers_only,
        changed=changed,
    )


def postfix_delay(letter: Letter) -> bytes:
    return _postfix(
        letter,
        subject="Delayed Mail (still being retried)",
        notice="# THIS IS A WARNING ONLY.  YOU DO NOT NEED TO RESEND YOUR MESSAGE. #",
        action="delayed",
        status="4.4.1",
        answer="connect to mail.snv.example[10.1.0.7]:25: Connection timed out",
        more="\nWill-Retry-Until: Sun, 21 Dec 2025 09:10:11 +0700 (+07)",
        headers_only=True,
    )


def postfix_expired(letter: Letter) -> bytes:
    """After five days of tries: the code says "for now", and yet it is the end."""
    return _postfix(
        letter,
        subject="Undelivered Mail Returned to Sender",
        notice="It has expired after five days in the queue.",
        action="failed",
        status="4.4.1",
        answer="connect to mail.snv.example[10.1.0.7]:25: Connection timed out",
    )


def _postfix(
    letter: Letter,
    *,
    headers_only: bool = False,
    more: str = "",
    changed: dict[str, str] | None = None,
    **said: str,
) -> bytes:
    whole = copy_of(letter, **(changed or {}))
    text = POSTFIX.format(
        address=letter.address,
        more=more,
        kind="text/rfc822-headers" if headers_only else "message/rfc822",
        returned="Undelivered Message Headers" if headers_only else "Undelivered Message",
        letter=whole.partition("\n\n")[0] if headers_only else whole,
        **said,
    )
    return text.encode()


def exchange_bounce(letter: Letter, *, headers_only: bool = False) -> bytes:
    whole = copy_of(letter)
    text = EXCHANGE.format(
        address=letter.address,
        thread="Thu nhac viec",
        message_id=message_of(letter).extra_headers["Message-ID"],
        kind="text/rfc822-headers" if headers_only else "message/rfc822",
        letter=whole.partition("\n\n")[0] if headers_only else whole,
    )
    return text.replace("\n", "\r\n").encode()
