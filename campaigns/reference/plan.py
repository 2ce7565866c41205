"""Loading a campaign file: what the office has edited on the pages stays, a set in use gets a new draft version."""

import json
import uuid
from decimal import Decimal
from hashlib import sha256
from pathlib import Path
from typing import Any

from django.db import models
from django.db.models import Max

from campaigns.calculations import time_in_words
from campaigns.models import Band, Campaign, CampaignYear, CriteriaSet, Criterion, Deadline, People, Recipient
from campaigns.queries import criteria_in_use, draft_of
from campaigns.reference.checks import check_plan, time_of
from core.journal import history_of, record
from core.models import Entry, LegalDocument
from core.reference import Change, Record, read, upsert
from organization.models import Unit

SCOPES = {"agency": "Toàn Sở: các phòng, đơn vị trực thuộc Sở."}
TEXTS = ("objective", "subject", "content", "measures", "commendation")
KEPT = "giữ nguyên bản đã sửa"


def load_plan(path: Path) -> list[Change]:
    """Load one file; a campaign that is new begins as a draft with its years planned."""
    data = read(path)
    check_plan(data)
    campaign, changes = _load_campaign(data["campaign"])
    bands = [
        _band(recipient, row) for recipient in Recipient.values for row in data["bands"].get(recipient, [])
    ]
    removed = _removed_rounds(campaign)
    for item in data["years"]:
        year, period = time_of(item)
        key = {"campaign": campaign, "year": year, "period": period}
        is_known = CampaignYear.objects.filter(**key).exists()
        if not is_known and (year, period) in removed:
            changes.append(Change("unchanged", f"{time_in_words(year, period)} (Văn phòng Sở đã bỏ)"))
            continue
        values = {} if is_known else {"people": item.get("people", People.ALL)}
        campaign_year, change = upsert(CampaignYear, key=key, values=values, source=item)
        changes += [change, _load_deadlines(campaign_year, item), _load_bands(campaign_year, bands)]
    written = {time_of(item): item for item in data["criteria_sets"]}
    years = {(one.year, one.period): one for one in campaign.years.all()}
    for (year, period), item in written.items():
        source = written[item["same_as"], period] if "same_as" in item else item
        if (year, period) not in years:
            continue
        changes.append(_load_set(years[year, period], item, source, path.name))
    return changes


Class = tuple[str, str, Decimal, str, list[dict[str, str]], Decimal | None]


def _band(recipient: str, row: Record) -> Class:
    ceiling = row.get("ceiling_percent")
    return (
        recipient,
        row["name"],
        Decimal(row["lower_bound"]),
        row.get("colour", "blue"),
        _plain(row.get("gates", [])),
        None if ceiling is None else Decimal(ceiling),
    )


def _removed_rounds(campaign: Campaign) -> set[tuple[int, str]]:
    """What the Office has taken back is not planned again by the file."""
    lines = history_of(campaign).filter(verb="remove_round")
    return {(line.data["year"], line.data["period"]) for line in lines}


def _load_campaign(item: Record) -> tuple[Campaign, list[Change]]:
    known = Campaign.objects.filter(code=item["code"]).first()
    if known and _was_edited(known, "change"):
        return known, [Change("unchanged", f"phong trào {item['code']} ({KEPT})")]
    documents = {one.code: one for one in LegalDocument.objects.all()}
    basis = {documents[code] for code in item.get("legal_basis") or []}
    values = {name: item[name] for name in ("name", "short_name", "kind", "starts_on", "ends_on")}
    values |= {name: item.get(name) or "" for name in TEXTS}
    scope = item.get("scope") or ""
    values |= {
        "plan": documents.get(item.get("plan") or ""),
        "launched_by": item.get("launched_by") or "",
        "scope": SCOPES.get(scope, scope),
    }
    campaign, change = upsert(Campaign, key={"code": item["code"]}, values=values, source=item)
    if set(campaign.legal_basis.all()) != basis:
        campaign.legal_basis.set(basis)
        change = change if change.kind == "added" else Change("changed", change.what)
    _note(campaign, change)
    return campaign, [change]


def _load_deadlines(campaign_year: CampaignYear, item: Record) -> Change:
    what = f"lịch {campaign_year.when}"
    wanted = {row["stage"]: (row["due_on"], item.get("note") or "") for row in item["deadlines"]}
    known = {one.stage: (one.due_on, one.note) for one in campaign_year.deadlines.all()}
    if wanted == known:
        return Change("unchanged", what)
    if known and _is_kept(campaign_year, "set_deadlines"):
        return Change("unchanged", f"{what} ({KEPT})")
    campaign_year.deadlines.all().delete()
    Deadline.objects.bulk_create(
        [
            Deadline(campaign_year=campaign_year, stage=stage, due_on=due, note=note)
            for stage, (due, note) in wanted.items()
        ]
    )
    return _note(campaign_year, Change("changed" if known else "added", what))


def _load_bands(campaign_year: CampaignYear, wanted: list[Class]) -> Change:
    what = f"mức xếp loại {campaign_year.when}"
    facts = ("recipient", "name", "lower_bound", "colour", "gates", "ceiling_percent")
    known = list(campaign_year.bands.values_list(*facts))
    if sorted(known, key=_place) == sorted(wanted, key=_place):
        return Change("unchanged", what)
    if known and _is_kept(campaign_year, "set_bands"):
        return Change("unchanged", f"{what} ({KEPT})")
    campaign_year.bands.all().delete()
    Band.objects.bulk_create(
        [Band(campaign_year=campaign_year, **dict(zip(facts, row, strict=True))) for row in wanted]
    )
    return _note(campaign_year, Change("changed" if known else "added", what))


def _place(row: Class) -> tuple[str, str]:
    return row[:2]


def _load_set(campaign_year: CampaignYear, item: Record, source: Record, file_name: str) -> Change:
    """A set never loaded is added; a changed file changes an untouched draft or begins a new version."""
    what = f"bộ tiêu chí {campaign_year.when}"
    digest = _digest(item, source)
    last = _last_load(campaign_year)
    sets = campaign_year.criteria_sets
    if last and last.data.get("digest") == digest:
        loaded = sets.get(pk=last.target_id)
        if _was_edited(loaded):
            return Change("unchanged", f"{what} ({KEPT})")
        linked = _link_units(loaded, source)
        return (
            Change("changed", f"{what} (nối {linked} tiêu chí với đơn vị phụ trách)")
            if linked
            else Change("unchanged", what)
        )
    if campaign_year.state == CampaignYear.State.CLOSED:
        return Change("unchanged", f"{what} (năm đã khóa sổ)")
    draft = draft_of(campaign_year)
    if sets.exists() and (last is None or (draft and _was_edited(draft))):
        return Change("unchanged", f"{what} ({KEPT})")
    kind = "changed" if sets.exists() else "added"
    facts = {
        "title": item["title"],
        "note": item.get("note") or "",
        "is_sample": bool(item.get("is_sample")),
        "declared_max_collective": Decimal(source["declared_max"]["collective"]),
        "declared_max_individual": Decimal(source["declared_max"]["individual"]),
    }
    if draft is None:
        in_use = criteria_in_use(campaign_year)
        version = (sets.aggregate(last=Max("version_number"))["last"] or 0) + 1
        note = f"Nạp lại từ tệp {file_name}." if version > 1 else ""
        draft = sets.create(version_number=version, copied_from=in_use, change_note=note, **facts)
    else:
        sets.filter(pk=draft.pk).update(**facts)
        draft.criteria.filter(parent=None).delete()
    _write(draft, source["criteria"], campaign_year.campaign.code)
    _link_units(draft, source)
    record(
        draft,
        "load",
        by=None,
        label="Nạp từ tệp",
        after=draft.state,
        comment=file_name,
        data={"digest": digest},
    )
    told = f" (bản nháp phiên bản {draft.version_number})" if draft.version_number > 1 else ""
    return Change("changed" if kind == "changed" else "added", what + told)


def _write(draft: CriteriaSet, nodes: list[Record], campaign_code: str) -> None:
    position = 0

    def write(here: list[Record], parent: Criterion | None, level: int) -> None:
        nonlocal position
        for node in here:
            position += 1
            made = Criterion.objects.create(
                criteria_set=draft,
                parent=parent,
                position=position,
                level=level,
                code=node["code"],
                name=node["name"],
                is_leaf="children" not in node,
                lineage=uuid.uuid5(uuid.NAMESPACE_URL, f"{campaign_code}:{node['code']}"),
                **_leaf_facts(node),
            )
            write(node.get("children", []), made, level + 1)

    write(nodes, None, 1)


def _leaf_facts(node: Record) -> dict[str, Any]:
    if "children" in node:
        return {}
    return {
        "max_score": Decimal(node["max_score"]),
        "applies_to": node["applies_to"],
        "method": node["method"],
        "params": _plain(node["params"]),
        "guidance": node.get("guidance") or "",
        "evidence_required": bool(node.get("evidence_required")),
        "evidence": node.get("evidence") or "",
    }


def _link_units(loaded: CriteriaSet, source: Record) -> int:
    """Fill in the units in charge that exist by now; a set in use changes in nothing else."""
    units = {unit.code: unit for unit in Unit.objects.all()}
    named = {node["code"]: units.get(node.get("in_charge")) for node in _flat(source["criteria"])}
    free = [one for one in loaded.criteria.filter(in_charge=None, is_leaf=True) if named.get(one.code)]
    for one in free:
        one.in_charge = named[one.code]
    Criterion.objects.bulk_update(free, ["in_charge"])
    return len(free)


def _flat(nodes: list[Record]) -> list[Record]:
    return [one for node in nodes for one in (node, *_flat(node.get("children", [])))]


def _plain(value: Any) -> Any:
    """Records as plain dictionaries, for the JSON column."""
    if isinstance(value, dict):
        return {name: _plain(part) for name, part in value.items()}
    return [_plain(part) for part in value] if isinstance(value, list) else value


def _digest(item: Record, source: Record) -> str:
    head = {name: item.get(name) for name in ("title", "note", "is_sample")}
    content = [head, _plain(source["declared_max"]), _plain(source["criteria"])]
    return sha256(json.dumps(content, sort_keys=True, ensure_ascii=False, default=str).encode()).hexdigest()


def _last_load(campaign_year: CampaignYear) -> Entry | None:
    ids = list(campaign_year.criteria_sets.values_list("pk", flat=True))
    return Entry.objects.filter(
        target_type=CriteriaSet._meta.label_lower, target_id__in=ids, verb="load"
    ).first()


def _was_edited(document: models.Model, *verbs: str) -> bool:
    """Whether a person (not the loader) has changed it; without ``verbs`` any change but putting it to use counts."""
    lines = history_of(document).filter(actor__isnull=False)
    if verbs:
        return lines.filter(verb__in=verbs).exists()
    return lines.exclude(verb__in=["put_in_use", "supersede"]).exists()


def _is_kept(campaign_year: CampaignYear, verb: str) -> bool:
    return campaign_year.state == CampaignYear.State.CLOSED or _was_edited(campaign_year, verb)


def _note(document: models.Model, change: Change) -> Change:
    if change.kind != "unchanged":
        record(document, "load", by=None, label="Nạp từ tệp", comment=str(change))
    return change
