"""`kusei readings`: the words that a ward reads otherwise than the analyser does, for furigana."""

from __future__ import annotations

import argparse

from kusei.documents.commands.acting import acting_person
from kusei.documents.commands.console import complain
from kusei.wards import operations as wards
from kusei.wards.operations import ReadingExists, WardError
from kusei.wards.queries import readings_of


def run(options: argparse.Namespace) -> int:
    """Set or remove one word, or list them all; 1 where that could not be done."""
    try:
        ward = wards.find_ward(options.ward)
        actor = acting_person(options.username)
        if options.put:
            surface, reading = options.put
            try:
                done = wards.add_reading(ward=ward, surface=surface, reading=reading, actor=actor)
            except ReadingExists:
                done = wards.change_reading(ward=ward, surface=surface, reading=reading, actor=actor)
            print(f"{done} を登録しました。")
        elif options.remove:
            wards.remove_reading(ward=ward, surface=options.remove, actor=actor)
            print(f"「{options.remove}」を一覧から外しました。")
        else:
            words = readings_of(ward.key)
            for surface, reading in words:
                print(f"{surface}\t{reading}")
            if not words:
                print("よみがなはまだ登録されていません。例: kusei readings 泉区 --put 中田 なかだ")
    except WardError as error:
        complain(str(error))
        return 1
    return 0
