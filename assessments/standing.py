"""Which of a person's posts cover one student. Pure: posts and students are anything with the named columns.

`@allow` asks whether any post carries the verb; on a page about one student the post must be one over that student
(somebody may be counselor of one school and homeroom teacher in another).
"""

from collections.abc import Iterable
from typing import Any


def roles_over(posts: Iterable[Any], student: Any) -> frozenset[str]:
    """Role codes of the posts (LivePost) whose class, grade or school is the student's."""
    found = set()
    for post in posts:
        if post.klass_id is not None:
            covers = post.klass_id == student.klass_id
        elif post.grade_id is not None:
            covers = post.grade_id == student.grade_id
        else:
            covers = post.school_id is not None and post.school_id == student.school_id
        if covers:
            found.add(post.role)
    return frozenset(found)


def schools_as(posts: Iterable[Any], role: str) -> list[int]:
    """Ids of the schools where the person holds the role."""
    return sorted({post.school_id for post in posts if post.role == role and post.school_id is not None})
