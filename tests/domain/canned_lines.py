"""Made replies for the test of near-copies: templates with the places where people change a name, a number or a greeting."""

from __future__ import annotations

TEMPLATES: tuple[tuple[str, ...], ...] = (
    (
        "Sorry for the trouble with your shipment {number}.",
        "We have passed it on to the carrier and expect it to leave the harbour within {days} days.",
        "You can follow the container on the tracking page of your account.",
    ),
    (
        "Your refund of {number} euros was started today.",
        "Banks usually need {days} working days until the amount shows up on the statement.",
    ),
    (
        "To reset your password, open the sign-in page and choose the link below the form.",
        "The message arrives within {days} minutes; please look into the spam folder as well.",
    ),
    (
        "We raised the limit of your workspace to {number} seats.",
        "Invite the new colleagues from the members page, they receive an invitation by mail.",
    ),
    (
        "The certificate of your domain expires in {days} days.",
        "Add the record from the settings to your name server and press verify, the rest happens by itself.",
    ),
    (
        "Invoice {number} was corrected and sent to your accounting address again.",
        "The earlier version is void, please book only the new document.",
    ),
    (
        "Exports with more than {number} rows are cut by the old version.",
        "Update the desktop app to the latest release and run the export a second time.",
    ),
    (
        "Webhooks are retried for {days} hours with growing pauses.",
        "Check that your endpoint answers with status two hundred before the timeout, otherwise events pile up.",
    ),
    (
        "The migration of project {number} finished last night.",
        "Old links redirect to the new location, bookmarks of the archive have to be changed by hand.",
    ),
    (
        "Our warehouse in Bremen is closed for {days} days because of the flood.",
        "Orders placed meanwhile are packed first when the gates open again.",
    ),
    (
        "Your trial has {days} days left.",
        "Choose a plan on the billing page before it ends and every dashboard stays where it is.",
    ),
    (
        "Ticket {number} is with the engineers who wrote the importer.",
        "They reproduced the broken umlauts with your sample file and prepare a patch for the coming release.",
    ),
)

GREETINGS = ("", "Hi {name}, ", "Hello {name}! ", "{name}: ", "Good morning {name}, ", "Hey, ")
CLOSINGS = ("", " Thanks!", " Thank you, {name}.", " Sorry again!", " Cheers", " :)")
NAMES = ("Dana", "Omar", "Lena", "Yuki", "Priya", "Tomas", "Ines", "Wei")

DIFFERENT: tuple[str, ...] = (
    "Your shipment left the harbour yesterday, the carrier now says Tuesday; the tracking page lags behind.",
    "The container was opened by customs. As soon as they release it the carrier gives us a new date.",
    "I looked at the refund: your bank sent it back, because the account was closed. Which one shall we use?",
    "The refund isn't started yet, accounting wants the signed form first. I attached it to the order.",
    "Your password is fine, the account was locked after ten wrong attempts. I opened it again just now.",
    "The mail with the link can't reach you: your server refuses our sender. Ask your admin to allow it.",
    "Seats are counted by month, so the colleague who left still takes one until the first.",
    "The invitation went to an old address. I changed it to the one in your profile and sent another.",
    "The certificate is valid, but the record still points to the old server, that's why browsers complain.",
    "Press verify only after the record is visible from outside; your name server still gives the old one.",
    "The invoice shows the old address because the order was placed before you moved. Shall I issue a new one?",
    "Accounting booked the payment to the wrong invoice, I asked them to move it to the right document.",
    "The export stops at a row with a broken date, line 418 in your file. Correct it and it runs through.",
    "The latest release has a bug with exports on old Macs, wait for the patch of next week.",
    "Your endpoint answers with a redirect, and webhooks don't follow those. Enter the final address.",
    "The events pile up because the signature doesn't match: the secret was rotated on Monday.",
    "The project is still being moved, the archive alone takes until the evening. Links work after that.",
    "Bookmarks of the archive keep working, I tested three of yours. Which one is broken?",
    "The warehouse packs your order today, but the truck leaves only tomorrow morning.",
    "Bremen has none left, I can have it sent from Lyon. That costs nothing but takes longer.",
    "The plan you chose has no dashboards, that's why they vanished. I switched you to the one above.",
    "Billing shows a failed card, so the trial ended early. Enter another one and tell me.",
    "The importer reads the file as Latin-1. Save it as UTF-8 and the umlauts come out right.",
    "The patch for the importer was taken back, it broke another customer's dates. A new one is being tested.",
)
"""About the same matters in other words."""
